import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../../mod.ts";
import { Makings } from "../../../src/shim/task/makings.ts";
import { FakeClock } from "../../fake_clock.ts";
import { isPending } from "../../is_pending.ts";
import { settled } from "../../settled.ts";

const PURE = { permissions: "none" } as const;
const ended = new TtrpcError("ended", Code.Canceled);

/** Something that is made, and what becomes of it. */
class Thing {
  readonly log: unknown[] = [];
  readonly made = Promise.withResolvers<string>();
  readonly removal = {
    remove: () => this.#note("removed"),
    clear: (reason: unknown) => this.#note(reason),
  };

  #note(what: unknown): Promise<void> {
    this.log.push(what);
    return Promise.resolve();
  }
}

Deno.test(
  "Makings.make() gives what was made, and asks for it without the caller's bounds",
  PURE,
  async () => {
    const thing = new Thing();
    const { signal } = new AbortController();
    const call = (options: unknown) => Promise.resolve(options);
    const options = { signal, timeoutMs: 1e6, metadata: { a: "b" } };
    assertEquals(await new Makings().make(call, options, thing.removal), { metadata: { a: "b" } });
    assertEquals(thing.log, []);
  },
);

Deno.test("Makings.make() removes what a caller has given up, once it is made", PURE, async () => {
  const makings = new Makings();
  const thing = new Thing();
  const abort = new AbortController();
  const making = makings.make(() => thing.made.promise, { signal: abort.signal }, thing.removal);
  abort.abort();
  assertEquals((await assertRejects(() => making, TtrpcError)).code, Code.Canceled);
  const ending = makings.end(ended);
  assertEquals([await isPending(ending), thing.log], [true, []]);
  thing.made.resolve("made");
  assertEquals([await ending, thing.log, makings.isStuck], [[], ["removed"], false]);
});

Deno.test(
  "Makings.make() clears away what a call has left that failed, before it rejects",
  PURE,
  async () => {
    const thing = new Thing();
    const reason = new TtrpcError("no", Code.Internal);
    await assertRejects(
      () => new Makings().make(() => Promise.reject(reason), {}, thing.removal),
      TtrpcError,
      "no",
    );
    assertEquals(thing.log, [reason]);
  },
);

Deno.test(
  "Makings.end() gives up what is under way, waits, and lets nothing begin any more",
  PURE,
  async () => {
    const makings = new Makings();
    const thing = new Thing();
    const making = makings.run(() => makings.make(() => thing.made.promise, {}, thing.removal));
    const ending = makings.end(ended);
    assertEquals(await assertRejects(() => making, TtrpcError), ended);
    thing.made.reject(new TtrpcError("too late", Code.Internal));
    assertEquals([await ending, thing.log.length], [[], 1]);
    const later = makings.make(() => Promise.resolve(thing.log.push("begun")), {}, thing.removal);
    assertEquals(await assertRejects(() => later, TtrpcError), ended);
    assertEquals(thing.log.length, 1);
  },
);

Deno.test("Makings.end() waits ten seconds for what never ends, and clears it away", PURE, async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const makings = new Makings();
  const thing = new Thing();
  const making = makings.make(() => thing.made.promise, { timeoutMs: 5 }, thing.removal);
  clock.advance(5);
  await assertRejects(() => making, TtrpcError, "context deadline exceeded");
  const ending = makings.end(ended);
  clock.advance(9_999);
  await settled();
  assertEquals([thing.log, makings.isStuck], [[], false]);
  clock.advance(1);
  assertEquals([await ending, makings.isStuck], [[], true]);
  assertEquals(thing.log.map((reason) => reason instanceof TtrpcError && reason.code), [
    Code.DeadlineExceeded,
  ]);
});

Deno.test("Makings.end() tells what could not be removed", PURE, async () => {
  const makings = new Makings();
  const failure = new Error("can't");
  const removal = { remove: () => Promise.resolve(), clear: () => Promise.reject(failure) };
  await assertRejects(() => makings.make(() => Promise.reject(ended), {}, removal), TtrpcError, "ended");
  assertEquals(await makings.end(ended), [failure]);
  assertEquals(await makings.end(ended), []);
});
