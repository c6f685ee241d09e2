// The examples as README prints their commands.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { startShim } from "../../src/shim/mod.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { makeBundle } from "./host/bundle.ts";
import { freshId } from "./host/fresh_id.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { testContainers } from "./host/runtime.ts";
import { testWithDaemon } from "./host/test_with_daemon.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = await Deno.readTextFile(`${root}README.md`);

/** The commands of README for shims: the program's words, without the comment behind them. */
const commands = (/^```sh\n(apt-get install containerd .*?)^```$/ms.exec(readme)?.[1] ?? "")
  .trim().split("\n").map((line) => line.replace(/ +#.*$/, ""));
const [install = "", greet = "", exit7 = "", inspect = "", ...more] = commands;

Deno.test("README has the commands that are tested here", () => {
  assertMatch(install, /^apt-get install containerd runc busybox-static$/);
  assertEquals(more, []);
});

testContainers("run.ts runs a container, tells all of it, and leaves nothing", async () => {
  const output = await runExample(greet);
  assertEquals(output.code, 3, output.stderr);
  const lines = output.stdout.trimEnd().split("\n");
  assertMatch(lines[0] ?? "", /^Shim \d+ serves version [23] of Task$/);
  for (
    const line of [
      "stdout: Hello from busybox",
      "stderr: The word is sesame",
      "ps ended with 0",
      "Exit code 3",
    ]
  ) {
    assert(lines.includes(line), output.stdout);
  }
  const topics = lines.flatMap((line) => /^event: (\S+)/.exec(line)?.[1] ?? []);
  for (const topic of ["/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exit"]) {
    assert(topics.includes(topic), output.stdout);
  }
});

testContainers("run.ts ends with the exit code of the command that it is given", async () => {
  const output = await runExample(exit7);
  assertEquals(output.code, 7, output.stderr);
  assertMatch(output.stdout, /^Exit code 7$/m);
});

testWithDaemon("inspect.ts has the containers of a containerd in its table, and others", async (daemon) => {
  const id = freshId();
  await daemon.runContainer(id, ["sleep", "1000"], { namespace: "k8s.io" });
  const stateDir = daemon.bundles.slice(0, daemon.bundles.lastIndexOf("/"));
  const ofDaemon = await runExample(`${inspect} ${stateDir}`);
  assertEquals(ofDaemon.code, 0, ofDaemon.stderr);
  assertMatch(ofDaemon.stdout, rowOf("k8s.io", id, "RUNNING"));

  await using bundle = await makeBundle();
  {
    await using shim = await startShim({
      id: bundle.id,
      bundle: bundle.path,
      path: "/usr/bin/containerd-shim-runc-v2",
    });
    await using task = await shim.create();
    await task.start();
    const all = await runExample(inspect);
    assertEquals(all.code, 0, all.stderr);
    assertMatch(all.stdout, rowOf("k8s.io", id, "RUNNING"));
    assertMatch(all.stdout, rowOf("default", bundle.id, "RUNNING"));
    assertStringIncludes(all.stdout, ` ${shim.pid} `);
  }
  const empty = await runExample(`${inspect} /nowhere`);
  assertEquals(empty.stdout, "There is no shim on this host\n");
});

/** A row of the table, with a process and its memory. */
function rowOf(namespace: string, id: string, state: string): RegExp {
  const cells = [`"${namespace}"`, `"${id}"`, "\\d+", `"${state}"`, '"[0-9 ]+"', '"\\d+ KiB"'];
  return new RegExp(`│ *${cells.join(" *│ *")} *│`);
}

/** Runs a command of README, and sees that it leaves nothing: what it makes is in a folder of its own. */
async function runExample(command: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const [program, ...args] = wordsOf(command);
  assertEquals(program, "deno");
  using folder = new TempFolder();
  const before = takeSnapshot({ ids: [], folders: [folder.path] });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1", TMPDIR: folder.path },
  }).output();
  await assertNothingLeft(before);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The words of a line of a shell, which may stand in single quotes. */
function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ""));
}
