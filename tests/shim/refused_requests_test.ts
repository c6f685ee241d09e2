import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { packJson, Status, type TaskClient } from "../../src/shim/mod.ts";
import { testWithShim } from "./host/with_shim.ts";

testWithShim(
  "No request that crashes a shim, or makes it hang, gets to it",
  {},
  async ({ shim, bundle, run }) => {
    const target = { id: bundle.id, bundle: bundle.path };
    const [file, fileUri] = [`${bundle.path}/out`, `file://${bundle.path}/out`];
    await Deno.writeTextFile(file, "");
    const assertRefused = async (message: string, call: (client: TaskClient) => Promise<unknown>) => {
      const error = await assertRejects(() => call(shim.client), TtrpcError, message);
      assertEquals([error.code, error.requestSent], [Code.InvalidArgument, false]);
    };
    const streams: [streams: { stdin?: string; stdout?: string }, message: string][] = [
      [{ stdout: fileUri }, "it crashes or fails with stdout alone"],
      [{ stdout: file }, "it crashes or fails with stdout alone"],
      [{ stdin: file }, "it hangs with stdin alone"],
    ];
    for (const [fields, message] of streams) {
      await assertRefused(message, (client) => client.create({ ...target, ...fields }));
    }
    const task = await run();
    const spec = packJson("Process", { args: ["true"], cwd: "/" });
    const exec = { id: bundle.id, execId: "added" };
    for (const [fields, message] of streams) {
      await assertRefused(message, (client) => client.exec({ ...exec, spec, ...fields }));
    }
    await assertRefused("it crashes without a spec", (client) => client.exec(exec));
    await assertRefused("it crashes without resources", (client) => client.update({ id: bundle.id }));

    // The same one, and nothing was made.
    assertEquals(await shim.connect(), { shimPid: shim.pid, taskPid: task.pid ?? 0, version: "" });
    assertEquals((await task.state()).status, Status.RUNNING);
    const { code } = await assertRejects(() => shim.client.state(exec), TtrpcError);
    assertEquals(code, Code.NotFound);
  },
);
