import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoCommand } from "../deno_command.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";

const ALL_BUT_ALL = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  "--allow-net",
  "--allow-env",
];

shims.test("Without all permissions a shim is not even started, and the error says what it needs", (program) =>
  onScene(program, {}, async ({ bundle: { id, path } }) => {
    for (const what of ["start", "delete", "list"]) {
      const command = denoCommand(new URL("host/try_entrypoint.ts", import.meta.url), {
        flags: ALL_BUT_ALL,
        args: [what, program.path, id, path],
      });
      const { code, stdout, stderr } = await new Deno.Command(command[0] ?? "", { args: command.slice(1) })
        .output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
      assertStringIncludes(
        new TextDecoder().decode(stdout),
        "[permission_denied] Cannot look at the processes of shims: Deno gives access to /proc only with all " +
          "permissions, run again with --allow-all",
      );
    }
  }));
