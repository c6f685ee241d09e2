import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { acceptAll } from "../../src/net/accept_all.ts";
import { FakeClock } from "../fake_clock.ts";
import { settled } from "../settled.ts";

/** What comes of accepting: a connection, an error, or the end of a listener that is closed. */
type Attempt = string | Error | "closed";

/** A listener of which each attempt is told what comes of it; after the last one nobody connects. */
function listenerOf(attempts: Attempt[]): AsyncIterable<string> {
  const left = [...attempts];
  const next = (): Promise<IteratorResult<string>> => {
    const attempt = left.shift();
    if (attempt === undefined) return new Promise(() => {});
    if (attempt instanceof Error) return Promise.reject(attempt);
    return Promise.resolve(
      attempt === "closed" ? { done: true, value: undefined } : { done: false, value: attempt },
    );
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

interface Accepting {
  accepted: string[];
  /** What `onExhausted` was told. */
  reports: unknown[];
  closed: AbortController;
  done: Promise<void>;
}

function accept(attempts: Attempt[]): Accepting {
  const closed = new AbortController();
  const accepted: string[] = [];
  const reports: unknown[] = [];
  const conns = acceptAll(listenerOf(attempts), closed.signal, (error) => reports.push(error));
  const done = (async () => {
    for await (const conn of conns) accepted.push(conn);
  })();
  return { accepted, reports, closed, done };
}

for (const code of ["EMFILE", "ENFILE"]) {
  Deno.test(`acceptAll() reports ${code} once, and tries again after a pause`, async () => {
    const time = new FakeClock();
    using _ = time.install();
    const error = systemError(code);
    const { accepted, reports } = accept(["a", error, error, "b", error, "c", "d", error, "e"]);
    await settled();
    assertEquals([accepted, reports.length], [["a"], 1]);
    assertStrictEquals(reports[0], error);
    for (const [more, count] of [["", 1], ["b", 1], ["cd", 2], ["e", 2]] as const) {
      const before = accepted.length;
      time.advance(99);
      await settled();
      assertEquals(accepted.length, before);
      time.advance(1);
      await settled();
      assertEquals([accepted.slice(before).join(""), reports.length], [more, count]);
    }
    assertEquals(time.pendingTimers, 0);
  });
}

Deno.test("acceptAll() ends at once when it is closed during a pause", async () => {
  const time = new FakeClock();
  using _ = time.install();
  const { done, closed } = accept([systemError("EMFILE"), "closed"]);
  await settled();
  assertEquals(time.pendingTimers, 1);
  closed.abort();
  await done;
  assertEquals(time.pendingTimers, 0);
});

Deno.test("acceptAll() passes over clients that are gone, and fails of anything else", async () => {
  const { NotConnected, ConnectionReset, ConnectionAborted } = Deno.errors;
  const gone = [new NotConnected("a"), new ConnectionReset("b"), new ConnectionAborted("c")];
  const fatal = systemError("EINVAL");
  const { accepted, reports, done } = accept([...gone, "a", fatal]);
  assertStrictEquals(await assertRejects(() => done), fatal);
  assertEquals([accepted, reports], [["a"], []]);
});
