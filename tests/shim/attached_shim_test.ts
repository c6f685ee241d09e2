// Shims that others have started: they, and what runs in them, must be unharmed in the end.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { attachShim, deleteShim, listShims, type Shim, Status } from "../../src/shim/mod.ts";
import { denoCommand } from "../deno_command.ts";
import { linesOf } from "../lines.ts";
import { mustSettle } from "../waiting.ts";
import type { Daemon } from "./host/daemon.ts";
import { freshId } from "./host/fresh_id.ts";
import { runtime } from "./host/runtime.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";
import { testWithDaemon } from "./host/test_with_daemon.ts";

const ENV = ["PATH=/bin"];

testWithDaemon("attachShim() drives a container of containerd's, and leaves it running", async (daemon) => {
  const id = freshId();
  await daemon.runContainer(id, ["sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.1; done"]);
  const bundle = `${daemon.bundles}/default/${id}`;
  await using events = await DaemonEvents.listen(daemon);
  const execId = "added";
  let taskPid: number;
  {
    await using shim = await attachShim({ bundle });
    assertEquals([shim.id, shim.namespace, shim.bundle], [id, "default", bundle]);
    assertEquals([shim.isOwned, shim.taskVersion, shim.events], [false, 2, undefined]);
    assertEquals((await shim.connect()).shimPid, shim.pid);
    const task = shim.task();
    const state = await task.state();
    assertEquals([state.status, state.bundle, state.exit], [Status.RUNNING, bundle, undefined]);
    taskPid = state.pid;
    if (runtime.isReal) {
      const pids = (await task.pids()).map(({ pid }) => pid);
      assertEquals(pids.includes(taskPid), true);
      assertMatch((await task.stats())?.$typeName ?? "", /^io\.containerd\.cgroups\.v[12]\.Metrics$/);
    }
    await using process = await task.exec({
      args: ["sh", "-c", "cat; echo err >&2; exit 3"],
      env: ENV,
      execId,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    const waiting = process.wait();
    await process.start();
    if (process.stdin !== undefined) await new Blob(["from stdin"]).stream().pipeTo(process.stdin);
    const texts = [process.stdout, process.stderr].map((stream) => new Response(stream).text());
    assertEquals(await Promise.all(texts), ["from stdin", "err\n"]);
    assertEquals((await waiting).exitStatus, 3);
  }
  await events.mustTell(["/tasks/exec-added", "/tasks/exec-started", "/tasks/exit"]);
  assertEquals(await pidsOf(daemon, id), [taskPid]);
  await assertGone(bundle, execId);

  // Its end is containerd's to clear away.
  await using shim = await attachShim({ bundle });
  const ended = shim.task().wait();
  await shim.task().kill("SIGTERM");
  assertEquals((await ended).exitStatus, 5);
  assertMatch(await daemon.ctr("task", "ls"), new RegExp(`^${id} +${taskPid} +STOPPED`, "m"));
});

testWithDaemon("attachShim() takes a process along that still runs, and no container", async (daemon) => {
  const [id, other] = [freshId(), freshId()];
  for (const each of [id, other]) await daemon.runContainer(each, ["sleep", "1000"], { namespace: "other" });
  const stateDir = stateDirOf(daemon);
  const place = { id, namespace: "other", stateDir };
  const before = await pidsOf(daemon, id, "other");
  const error = await assertRejects(async () => {
    await using shim = await attachShim(place);
    await using task = shim.task();
    await using process = await task.exec({ args: ["sleep", "1000"], env: ENV, execId: "running" });
    await process.start();
    await using _waiting = await task.exec({ args: ["true"], env: ENV, execId: "waiting", stdout: "piped" });
    throw new Error("something else");
  });
  assertEquals((error as Error).message, "something else");
  assertEquals(await pidsOf(daemon, id, "other"), before);
  for (const execId of ["running", "waiting"]) await assertGone(await attachedBundle(place), execId);
});

testWithDaemon("Containers of containerd's can't be made anew or deleted", async (daemon) => {
  const id = freshId();
  await daemon.runContainer(id, ["sleep", "1000"]);
  const bundle = `${daemon.bundles}/default/${id}`;
  const before = await pidsOf(daemon, id);
  {
    await using shim = await attachShim({ bundle });
    await assertRejects(
      () => shim.create({ runc: { binaryName: runtime.binaryName } }),
      TtrpcError,
      "already exists",
    );
    // It still has a container.
    await shim.shutdown();
  }
  const refusal = await assertRejects(() => deleteShim({ id, bundle }), TtrpcError, "its shim lives");
  assertEquals(refusal.code, Code.FailedPrecondition);
  assertEquals(await pidsOf(daemon, id), before);
  await using shim = await attachShim({ bundle });
  assertEquals((await shim.task().state()).status, Status.RUNNING);
});

testWithDaemon("listShims() finds the shims of a containerd by its folder", async (daemon) => {
  const ids = [freshId(), freshId()].sort();
  for (const id of ids) await daemon.runContainer(id, ["sleep", "1000"], { namespace: "k8s.io" });
  const listed = await listShims({ stateDir: stateDirOf(daemon) });
  assertEquals(
    listed.map(({ namespace, id, bundle, problem }) => [namespace, id, bundle, problem]),
    ids.map((id) => ["k8s.io", id, `${daemon.bundles}/k8s.io/${id}`, undefined]),
  );
  for (const { bundle, address, taskVersion } of listed) {
    await using shim = await attachShim({ bundle });
    assertEquals([shim.address, shim.taskVersion, shim.namespace], [address, taskVersion, "k8s.io"]);
  }
  // As processes of this host they are found as well.
  const all = (await listShims()).filter(({ id }) => ids.includes(id));
  assertEquals(all, listed);
});

shims.test("listShims() finds a shim without a containerd, and attachShim() leaves it running", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using shim = await start({ namespace: "default" });
    await using task = await create(shim);
    await task.start();
    const { id, path } = bundle;
    const [listed, ...others] = (await listShims()).filter((shim) => shim.id === id);
    assertEquals(others, []);
    const { address, taskVersion } = shim;
    assertEquals(listed, {
      id,
      namespace: "default",
      bundle: path,
      address,
      taskVersion,
      problem: undefined,
    });
    {
      await using attached = await attachShim({ bundle: path });
      assertEquals([attached.pid, attached.isOwned], [shim.pid, false]);
      await using process = await attached.task().exec({ args: ["echo", "hi"], env: ENV, stdout: "piped" });
      await process.start();
      assertEquals(await new Response(process.stdout).text(), "hi\n");
      await attached.shutdown();
    }
    {
      // One that is started again is another handle on the same shim.
      await using again = await start();
      assertEquals([again.pid, again.isOwned], [shim.pid, false]);
    }
    assertEquals((await task.state()).status, Status.RUNNING);
  }));

shims.test("attachShim() of another process leaves a shim running", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using shim = await start();
    await using task = await create(shim);
    await task.start();
    const [command = "", ...args] = denoCommand(new URL("host/attach_and_wait.ts", import.meta.url), {
      args: [bundle.path],
    });
    const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped" }).spawn();
    const lines = linesOf(child.stdout);
    assertEquals((await mustSettle("another process attaches", lines.next())).value, `${shim.pid}`);
    assertEquals((await lines.next()).value, "hi");
    await child.stdin.close();
    assertEquals((await child.status).code, 0);
    await Array.fromAsync(lines);
    assertEquals((await task.state()).status, Status.RUNNING);
    assertEquals((await shim.connect()).shimPid, shim.pid);
  }));

shims.test("A container made through another handle goes with it alone", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using shim = await start();
    {
      await using attached = await attachShim({ bundle: bundle.path, path: program.path });
      await using task = await create(attached);
      await task.start();
      assertEquals((await shim.task().state()).status, Status.RUNNING);
    }
    await assertRejects(() => shim.task().state(), TtrpcError, "not found");
    assertEquals((await shim.connect()).taskPid, 0);
  }));

/** The folder in which a containerd has its bundles, and more. */
function stateDirOf({ bundles }: Daemon): string {
  return bundles.slice(0, bundles.lastIndexOf("/"));
}

async function attachedBundle(place: { id: string; namespace: string; stateDir: string }): Promise<string> {
  await using shim = await attachShim(place);
  return shim.bundle;
}

/** The numbers of the processes of a container that runs, as containerd knows them. */
async function pidsOf(daemon: Daemon, id: string, namespace = "default"): Promise<number[]> {
  const table = await daemon.ctr("--namespace", namespace, "task", "ls");
  return [...table.matchAll(new RegExp(`^${id} +([0-9]+) +RUNNING`, "gm"))].map(([, pid]) => Number(pid));
}

async function assertGone(bundle: string, execId: string): Promise<void> {
  await using shim: Shim = await attachShim({ bundle });
  const state = shim.client.state({ id: shim.id, execId });
  assertEquals((await assertRejects(() => state, TtrpcError)).code, Code.NotFound);
}

/** What containerd tells its clients. */
class DaemonEvents implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;

  private constructor(daemon: Daemon) {
    const args = ["--address", daemon.address, "events"];
    this.#child = new Deno.Command("ctr", { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
    this.#lines = linesOf(this.#child.stdout);
  }

  /** Listens, and waits until it does. */
  static async listen(daemon: Daemon): Promise<DaemonEvents> {
    const events = new DaemonEvents(daemon);
    let hears = false;
    const first = events.#lines.next().then(() => hears = true);
    for (let i = 0; !hears; i++) await daemon.ctr("namespaces", "create", `n${i}`);
    await first;
    return events;
  }

  /** Waits for events, in this order, whatever comes between. */
  async mustTell(topics: readonly string[]): Promise<void> {
    for (const topic of topics) await mustSettle(`containerd tells of ${topic}`, this.#mustTell(topic));
  }

  async #mustTell(topic: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`containerd tells nothing more, and not of ${topic}`);
      if (value.includes(` ${topic} `)) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await Array.fromAsync(this.#lines);
    await this.#child.status;
  }
}
