// Containers that can't be made, and shims that can't be started: why is told, and nothing stays.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import {
  type CreateOptions,
  deleteShim,
  packAny,
  RuncOptionsSchema,
  type Shim,
  Status,
} from "../../src/shim/mod.ts";
import { runToEnd } from "../run_to_end.ts";
import { mustBecome } from "../waiting.ts";
import type { Bundle } from "./host/bundle.ts";
import { isThere } from "./host/files.ts";
import { runContainer } from "./host/run_container.ts";
import { runtime } from "./host/runtime.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";
import { containerSpec } from "./host/spec.ts";

shims.test("startShim() says in the shim's words that there is no config.json", (program) =>
  onScene(program, {}, async ({ start, bundle, create }) => {
    await Deno.rename(`${bundle.path}/config.json`, `${bundle.path}/other.json`);
    const error = await assertRejects(() => start(), TtrpcError);
    assertEquals(error.code, Code.Unavailable);
    assertStringIncludes(error.message, "open config.json: no such file or directory");
    await Deno.rename(`${bundle.path}/other.json`, `${bundle.path}/config.json`);
    await using shim = await start();
    await using _task = await create(shim);
  }));

/** What tests run containers with. */
const RUNTIME = runtime.binaryName || "runc";

/** Ways in which a container can't be made, before or after the runtime has run. */
const FAULTS: Record<string, { spec?: Record<string, unknown>; options?: CreateOptions; message: string }> = {
  "a runtime that is not there": {
    options: { runc: { binaryName: "/nowhere/runc" } },
    message: "/nowhere/runc: no such file or directory",
  },
  "a program that is not there": {
    spec: containerSpec({ args: ["nope"] }),
    message: 'exec: "nope": executable file not found in $PATH',
  },
  "options of an unknown type": {
    options: {
      runc: undefined,
      runtimeOptions: { $typeName: "google.protobuf.Any", typeUrl: "no.such.Type", value: new Uint8Array(1) },
    },
    message: "no.such.Type",
  },
};

for (const [fault, { spec, options, message }] of Object.entries(FAULTS)) {
  shims.test(`A container with ${fault} leaves nothing, and can be made again`, (program) =>
    onScene(program, {}, async ({ start, create, bundle }) => {
      await using shim = await start();
      const config = `${bundle.path}/config.json`;
      const good = await Deno.readTextFile(config);
      if (spec !== undefined) await Deno.writeTextFile(config, JSON.stringify(spec));
      const failing = () => create(shim, { stdin: "piped", stdout: "piped", stderr: "piped", ...options });
      for (let i = 0; i < 2; i++) {
        assertStringIncludes((await assertRejects(failing, TtrpcError)).message, message);
      }
      await Deno.writeTextFile(config, good);
      await mustRun(shim, bundle, () => create(shim));
    }));
}

shims.testReal(
  "A container with a bad mount leaves nothing, and can be made again",
  (program) =>
    onScene(program, {}, async ({ start, create, bundle }) => {
      await using shim = await start();
      const config = `${bundle.path}/config.json`;
      const good = await Deno.readTextFile(config);
      const mounts = [
        { destination: "/proc", type: "proc", source: "proc" },
        { destination: "/tmp", type: "tmpfs", source: "tmpfs" },
        { destination: "/dev", type: "bind", source: "/nowhere/at/all", options: ["bind"] },
      ];
      await Deno.writeTextFile(config, JSON.stringify({ ...containerSpec(), mounts }));
      await assertRejects(() => create(shim, { stdout: "piped" }), TtrpcError, "/nowhere/at/all");
      const rootfs = [{ type: "nosuchfs", source: "none", options: [] }];
      await Deno.writeTextFile(config, good);
      await assertRejects(() => create(shim, { rootfs }), TtrpcError, "failed to mount");
      await mustRun(shim, bundle, () => create(shim));
    }),
);

shims.test("A container whose runtime fails once it is made is removed, and can be made again", (program) =>
  onScene(program, {}, async ({ start, create, bundle, folder }) => {
    await using shim = await start();
    const binaryName = `${folder}/half`;
    const script = `#!/bin/sh\n${RUNTIME} "$@" || exit\ncase "$*" in *" create "*) exit 1 ;; esac\n`;
    await Deno.writeTextFile(binaryName, script, { mode: 0o755 });
    const options: CreateOptions = { runc: { binaryName }, stdin: "piped", stdout: "piped", stderr: "piped" };
    for (let i = 0; i < 2; i++) await assertRejects(() => create(shim, options), TtrpcError, "create failed");
    await mustRun(shim, bundle, () => create(shim));
    await Deno.remove(binaryName);
  }));

shims.test("What a failed call of shim.client has left is removed by deleteShim()", (program) =>
  onScene(program, {}, async ({ start, create, bundle, folder }) => {
    const { id, path } = bundle;
    const missing = `${folder}/none`;
    const options = packAny(RuncOptionsSchema, { binaryName: runtime.binaryName });
    {
      await using shim = await start();
      const raw = shim.client.create({ id, bundle: path, stdout: missing, stderr: missing, options });
      await assertRejects(() => raw, TtrpcError, missing);
      // Who has left it is not known.
      await assertRejects(() => create(shim), TtrpcError, "already exists");
    }
    assertEquals(isThere(stateOf(bundle)), true);
    await deleteShim({ path: program.path, id, bundle: path });
    await using shim = await start();
    await mustRun(shim, bundle, () => create(shim));
  }));

shims.testReal(
  "A container of somebody else's is not removed by one that fails",
  (program) =>
    onScene(program, {}, async ({ start, create, bundle }) => {
      const { id, path } = bundle;
      // It has the place that the shim's would have.
      const root = stateOf(bundle).slice(0, -id.length - 1);
      const pid = await runContainer(bundle, ["--root", root]);
      {
        await using shim = await start();
        await assertRejects(() => create(shim, { stdout: "piped" }), TtrpcError, "already exists");
        // One that is given up fails later on.
        const abort = new AbortController();
        const creating = create(shim, { signal: abort.signal });
        await mustBecome("the shim has begun", () => isThere(`${path}/log.json`));
        abort.abort();
        await assertRejects(() => creating, TtrpcError);
      }
      assertEquals(isThere(`/proc/${pid}`), true);
      await runToEnd("runc", ["--root", root, "delete", "--force", id]);
    }),
);

/** Makes a container, and sees it run. */
async function mustRun(shim: Shim, bundle: Bundle, create: () => ReturnType<Shim["create"]>): Promise<void> {
  assertEquals(isThere(stateOf(bundle)), false);
  await using task = await create();
  await task.start();
  assertEquals((await shim.task().state()).status, Status.RUNNING);
}

/** Where the runtime has what it knows of a container. */
function stateOf({ id }: Bundle): string {
  return `/run/containerd/runc/default/${id}`;
}
