// A shim that hangs: it lives, listens, and never answers.
import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { attachShim, deleteShim, type Shim } from "../../src/shim/mod.ts";
import { speedUpClock } from "../fast_clock.ts";
import { mustSettle } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";

/** The ten seconds that a step may take are over soon; the thirty of a program last for a busy machine. */
const FACTOR = 8;
const PIPED = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;

shims.test("A shim that hangs is disposed of in bounded time, with its container", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    const shim = await start({ events: true, debug: true });
    const task = await create(shim, PIPED);
    await task.start();
    const added = await task.exec({ args: ["sleep", "1000"], env: ["PATH=/bin"], stdout: "piped" });
    await added.start();
    hang(shim);
    using _fast = speedUpClock(FACTOR);
    for (const resource of [added, task, shim]) {
      await mustSettle("disposing of what hangs", Promise.resolve(resource[Symbol.asyncDispose]()));
    }
  }));

shims.test("A shim that hangs while it makes a container is disposed of in bounded time", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    for (const giveUp of [false, true]) {
      const shim = await start();
      hang(shim);
      const abort = new AbortController();
      const creating = create(shim, { ...PIPED, signal: abort.signal });
      if (giveUp) abort.abort();
      const failing = assertRejects(() => creating, TtrpcError);
      using _fast = speedUpClock(FACTOR);
      await mustSettle("disposing of what hangs", Promise.resolve(shim[Symbol.asyncDispose]()));
      assertEquals((await failing).code, Code.Canceled);
      assertEquals(isThere(`/run/containerd/runc/default/${bundle.id}`), false);
    }
  }));

shims.test("A shim that hangs can't be attached to, or deleted, and the errors say why", (program) =>
  onScene(program, {}, async ({ bundle: { id, path: bundle }, start }) => {
    await using shim = await start();
    hang(shim);
    {
      using _fast = speedUpClock(FACTOR);
      const attaching = await assertRejects(
        () => attachShim({ bundle }),
        TtrpcError,
        "Cannot attach to the shim of",
      );
      assertEquals(attaching.code, Code.DeadlineExceeded);
      for (const force of [false, true]) {
        const deleting = () => deleteShim({ path: program.path, id, bundle, force });
        const error = await assertRejects(deleting, TtrpcError, "its shim lives, but has to be ended first");
        assertEquals(error.code, Code.FailedPrecondition);
      }
      // Another start finds it as well.
      const starting = await assertRejects(() => start(), TtrpcError, "it does not answer");
      assertEquals(starting.code, Code.Unavailable);
    }
    Deno.kill(shim.pid, "SIGCONT");
    assertEquals((await shim.connect()).shimPid, shim.pid);
  }));

/** Stops a shim where it is; the system goes on to take connections for it. */
function hang({ pid }: Shim): void {
  Deno.kill(pid, "SIGSTOP");
}
