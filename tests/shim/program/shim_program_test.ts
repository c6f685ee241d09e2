import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../../mod.ts";
import { findShimProgram } from "../../../src/shim/program/shim_program.ts";
import { TempFolder } from "../../net/temp_folder.ts";

/** A folder with programs in it, as the only one of `PATH`. */
class ProgramFolder extends TempFolder {
  readonly #path = Deno.env.get("PATH") ?? "";

  constructor() {
    super();
    Deno.env.set("PATH", `relative:${this.path}/not-there:${this.path}`);
  }

  add(name: string, mode: number): string {
    Deno.writeTextFileSync(this.file(name), "#!/bin/sh\n", { mode });
    return this.file(name);
  }

  override [Symbol.dispose](): void {
    Deno.env.set("PATH", this.#path);
    super[Symbol.dispose]();
  }
}

Deno.test("findShimProgram() finds a runtime's shim in PATH as containerd does", async () => {
  using folder = new ProgramFolder();
  const runc = folder.add("containerd-shim-runc-v2", 0o755);
  const kata = folder.add("containerd-shim-kata-v2", 0o755);
  assertEquals(await findShimProgram({}), runc);
  assertEquals(await findShimProgram({ runtime: "io.containerd.runc.v2" }), runc);
  assertEquals(await findShimProgram({ runtime: "io.containerd.kata.v2" }), kata);
  assertEquals(await findShimProgram({ path: folder.file("./containerd-shim-kata-v2") }), kata);
});

Deno.test("findShimProgram() says what is missing, or wrong", async () => {
  using folder = new ProgramFolder();
  const plain = folder.add("containerd-shim-plain-v1", 0o644);
  const missing: [Parameters<typeof findShimProgram>[0], string][] = [
    [{ runtime: "io.containerd.wasm.v1" }, "there is no containerd-shim-wasm-v1 in PATH"],
    [{ runtime: "io.containerd.plain.v1" }, "there is no containerd-shim-plain-v1 in PATH"],
    [{ path: plain }, "is not there, or is no program"],
    [{ path: folder.path }, "is not there, or is no program"],
  ];
  for (const [options, message] of missing) {
    const error = await assertRejects(() => findShimProgram(options), TtrpcError, message);
    assertEquals(error.code, Code.NotFound);
  }
  const wrong: [Parameters<typeof findShimProgram>[0], string][] = [
    [{ runtime: "runc" }, 'Cannot use "runc" as a runtime'],
    [{ runtime: "/usr/bin/shim.v2" }, "as a runtime"],
    [{ path: "shim" }, "give a path, or a runtime"],
    [{ path: "/shim", runtime: "io.containerd.runc.v2" }, "give either runtime or path"],
  ];
  for (const [options, message] of wrong) {
    await assertRejects(() => findShimProgram(options), TypeError, message);
  }
});
