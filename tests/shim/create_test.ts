import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { Status, type StdioOptions, type Task } from "../../src/shim/mod.ts";
import { runToEnd } from "../run_to_end.ts";
import { mustSettle } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { containerSpec } from "./host/spec.ts";
import { runtime } from "./host/runtime.ts";
import { testWithShim } from "./host/with_shim.ts";

testWithShim("Shim.create() that fails leaves nothing, and the next one may do better", {
  args: ["nope"],
}, async ({ shim, bundle, create }) => {
  const failures: [call: () => Promise<Task>, message: string][] = [
    [() => shim.create({ runc: { binaryName: "no-such-runc" } }), "no-such-runc"],
    [() => create({ stdout: "foo://x", stderr: "foo://x" }), "unknown STDIO scheme foo"],
    [() => create(), 'exec: "nope": executable file not found in $PATH'],
  ];
  for (const [call, message] of failures) {
    const { code, rawMessage } = await assertRejects(call, TtrpcError);
    assertStringIncludes(rawMessage, message);
    assertEquals([code, isThere(`/run/containerd/runc/default/${bundle.id}`)], [Code.Unknown, false]);
  }
  assertEquals((await shim.connect()).taskPid, 0);
  await Deno.writeTextFile(`${bundle.path}/config.json`, JSON.stringify(containerSpec({ args: ["true"] })));
  await using task = await create();
  await task.start();
  assertEquals((await task.wait()).exitStatus, 0);
});

testWithShim(
  "Shim.create() that fails does not touch a container that was there",
  {},
  async ({ create, run }) => {
    await using task = await run();
    await assertRejects(() => create({ stdout: "piped" }), TtrpcError, "already exists");
    assertEquals((await task.state()).status, Status.RUNNING);
  },
);

/** What the container's streams may be, which the shim opens once the runtime has made it. */
const STREAMS: Record<string, StdioOptions> = { "": {}, " with pipes": { stdin: "piped", stdout: "piped" } };

for (const [how, streams] of Object.entries(STREAMS)) {
  testWithShim(`Shim.create()${how} that is given up leaves no container`, {}, async ({ bundle, create }) => {
    // A runtime that tells when it makes a container, and waits for a word.
    const { path } = bundle;
    const [began, gate, binaryName] = [`${path}/began`, `${path}/gate`, `${path}/slow-runc`];
    await runToEnd("mkfifo", [began, gate]);
    const runc = runtime.binaryName || "runc";
    const wait = `case " $* " in *" create "*) echo >'${began}'; read -r _ <'${gate}' ;; esac`;
    await Deno.writeTextFile(binaryName, `#!/bin/sh\n${wait}\nexec ${runc} "$@"\n`, { mode: 0o755 });
    const abort = new AbortController();
    const options = { ...streams, runc: { binaryName }, signal: abort.signal };
    const creating = assertRejects(() => mustSettle("the caller is let go", create(options)), TtrpcError);
    await mustSettle("the runtime begins", Deno.readTextFile(began));
    abort.abort();
    assertEquals((await creating).code, Code.Canceled);
    await Deno.writeTextFile(gate, "\n");
  });
}

testWithShim(
  "Shim.create() that is given up before it begins makes nothing",
  {},
  async ({ shim, create }) => {
    for (const options of [{ signal: AbortSignal.abort() }, { timeoutMs: 0 }]) {
      await assertRejects(() => create(options), TtrpcError);
    }
    assertEquals(await shim.connect(), { shimPid: shim.pid, taskPid: 0, version: "" });
  },
);
