import { assertEquals, assertStrictEquals } from "@std/assert";
import { getEventListeners } from "node:events";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import type { Frame } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import {
  dataFrame,
  EMPTY,
  endFrame,
  number,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, collect, failureOf, openDialogue } from "./dialogue.ts";
import { assertStats } from "../assert_stats.ts";

const { hello } = Greeter.method;

/** Frames in the order of their ids: calls of one turn may end in another order than they began. */
function inOrder(frames: Frame[]): Frame[] {
  return frames.toSorted((a, b) => a.streamId - b.streamId);
}

/** The source of an upload that never gets going. */
function silence(): AsyncIterable<{ name: string }> {
  return new ReadableStream();
}

/** How a call can be given up: `end` does it, and its error has `code`. */
const ENDS = [{ by: "signal", code: Code.Canceled }, {
  by: "deadline",
  code: Code.DeadlineExceeded,
}] as const;

for (const { by, code } of ENDS) {
  const setUp = () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const reason = new Error("enough");
    return {
      clock: clock.install(),
      options: by === "signal" ? { signal: controller.signal } : { timeoutMs: 10 },
      giveUp: () => by === "signal" ? controller.abort(reason) : clock.advance(10),
      cause: by === "signal" ? reason : undefined,
    };
  };

  Deno.test(`[X1] ClientCall that is over by ${by} while it connects sends nothing`, async () => {
    const { clock, options, giveUp, cause } = setUp();
    using _ = clock;
    const peer = new ScriptedPeer();
    const connection = Promise.withResolvers<Duplex>();
    const transport = new ConnectingTransport(() => connection.promise, {});
    const greeter = createClient(Greeter, transport);
    const failures = [greeter.hello({}, options), greeter.helloAll([], options)].map(failureOf);
    assertEquals(transport.stats().openCalls, 2);
    giveUp();
    for (const error of await Promise.all(failures)) {
      assertEquals([error.code, error.cause, error.requestSent], [code, cause, false]);
    }
    assertEquals(transport.stats().openCalls, 0);
    connection.resolve(peer.duplex);
    await assertQuiet({ greeter, peer, transport }, 1);
  });

  Deno.test(`[X1, X2] ClientCall that is over by ${by} settles at once and tells the server`, async () => {
    const { clock, options, giveUp, cause } = setUp();
    using _ = clock;
    const dialogue = openDialogue();
    const { greeter, peer, transport } = dialogue;
    const failures = [
      greeter.hello({}, options),
      Array.fromAsync(greeter.count({}, options)),
      greeter.helloAll(silence(), options),
    ].map(failureOf);
    const ids = (await peer.take(3)).map(({ streamId }) => streamId);
    giveUp();
    for (const error of await Promise.all(failures)) {
      assertEquals([error.code, error.cause, error.requestSent], [code, cause, true]);
    }
    assertEquals(transport.stats().openCalls, 0);
    assertEquals(inOrder(await peer.take(3)), ids.map((id) => statusFrame(id, code)));
    peer.send(responseFrame(1, EMPTY), dataFrame(3, EMPTY), endFrame(3), responseFrame(5, EMPTY));
    await assertQuiet(dialogue, 7);
    assertStats(transport.stats(), { openCalls: 0, lateFrames: 4 });
  });

  Deno.test(`[X1] ClientCall that is over by ${by} before its Request is written says it was sent`, async () => {
    const { clock, options, giveUp } = setUp();
    using _ = clock;
    const dialogue = openDialogue();
    const { greeter, peer } = dialogue;
    await assertQuiet(dialogue, 1);
    const failure = failureOf(greeter.hello({}, options));
    giveUp();
    assertEquals((await failure).requestSent, true);
    assertEquals(await peer.take(2), [requestFrame(3, hello, 0, nanosOf(options)), statusFrame(3, code)]);
  });

  Deno.test(`[X1] ClientCall that is over by ${by} between replies drops those that wait`, async () => {
    const { clock, options, giveUp } = setUp();
    using _ = clock;
    const dialogue = openDialogue();
    const { greeter, peer } = dialogue;
    const replies = greeter.count({}, options)[Symbol.asyncIterator]();
    const first = replies.next();
    await peer.next();
    peer.send(dataFrame(1, number(7)), dataFrame(1, number(8)));
    await first;
    await settled();
    giveUp();
    assertEquals(await collect(replies), { items: [], code });
    assertEquals(await peer.next(), statusFrame(1, code));
    await assertQuiet(dialogue, 3);
  });

  Deno.test(`[X1] ClientCall that is over by ${by} never ends its upload`, async () => {
    const { clock, options, giveUp } = setUp();
    using _ = clock;
    const dialogue = openDialogue();
    const { greeter, peer } = dialogue;
    const more = Promise.withResolvers<void>();
    const log: string[] = [];
    async function* names() {
      try {
        yield { name: "Ada" };
        await more.promise;
        log.push("goes on");
        yield { name: "Eve" };
      } finally {
        log.push("returns");
      }
    }
    const failures = [greeter.helloAll(names(), options), Array.fromAsync(greeter.chat(names(), options))];
    const errors = failures.map(failureOf);
    await peer.take(4);
    giveUp();
    for (const error of await Promise.all(errors)) assertEquals(error.code, code);
    more.resolve();
    assertEquals(await peer.take(2), [statusFrame(1, code), statusFrame(3, code)]);
    await assertQuiet(dialogue, 5);
    assertEquals(log, ["goes on", "goes on", "returns", "returns"]);
  });

  Deno.test(`[X2] ClientCall that is over by ${by} keeps silent if it is told to`, async () => {
    const { clock, options, giveUp } = setUp();
    using _ = clock;
    const dialogue = openDialogue({ cancelNotice: false });
    const { greeter, peer } = dialogue;
    const failures = [greeter.hello({}, options), greeter.helloAll(silence(), options)];
    const errors = failures.map(failureOf);
    await peer.take(2);
    giveUp();
    await Promise.all(errors);
    await assertQuiet(dialogue, 5);
  });
}

function nanosOf({ timeoutMs }: { timeoutMs?: number }): { timeoutNano?: bigint } {
  return timeoutMs === undefined ? {} : { timeoutNano: BigInt(timeoutMs * 1e6) };
}

Deno.test("[X1, X4] ClientCall with a signal that has aborted fails at once and sends nothing", async () => {
  const transport = new ConnectingTransport(() => Promise.reject(new Error("It was asked for")), {});
  const greeter = createClient(Greeter, transport);
  const signal = AbortSignal.abort("enough");
  for (const reply of [greeter.hello({}, { signal }), Array.fromAsync(greeter.count({}, { signal }))]) {
    const { code, cause, requestSent } = await failureOf(reply);
    assertEquals([code, cause, requestSent], [Code.Canceled, "enough", false]);
  }
});

Deno.test("[X1] ClientCall fails with the signal's reason as it is, if that is a TtrpcError", async () => {
  for (
    const [code, notice] of [
      [Code.DeadlineExceeded, Code.DeadlineExceeded],
      [Code.Unavailable, Code.Canceled],
    ] as const
  ) {
    const { greeter, peer } = openDialogue();
    const controller = new AbortController();
    const reason = new TtrpcError("Left", code, { requestSent: false });
    const failures = [
      failureOf(greeter.hello({}, { signal: controller.signal })),
      failureOf(Array.fromAsync(greeter.count({}, { signal: controller.signal }))),
    ];
    await peer.take(2);
    controller.abort(reason);
    for (const error of await Promise.all(failures)) assertStrictEquals(error, reason);
    assertEquals(inOrder(await peer.take(2)), [statusFrame(1, notice), statusFrame(3, notice)]);
    assertStrictEquals(await failureOf(greeter.hello({}, { signal: controller.signal })), reason);
  }
});

Deno.test("[X1] ClientCall that is aborted when its last reply waits to be read fails all the same", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const controller = new AbortController();
  const replies = greeter.count({}, { signal: controller.signal })[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.next();
  peer.send(dataFrame(1, EMPTY), dataFrame(1, number(7)), endFrame(1));
  await first;
  await settled();
  controller.abort();
  assertEquals(await collect(replies), { items: [], code: Code.Canceled });
  await assertQuiet(dialogue, 3);
});

Deno.test("[D2] ClientCall that was answered in time can be read after its deadline", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer } = openDialogue();
  const replies = greeter.count({}, { timeoutMs: 10 })[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.next();
  peer.send(dataFrame(1, EMPTY), dataFrame(1, number(7)), endFrame(1));
  await first;
  await settled();
  clock.advance(11);
  assertEquals(await collect(replies), { items: [7] });
});

Deno.test("ClientCall that was answered is not touched by an abort of the same turn", async () => {
  const dialogue = openDialogue();
  const { greeter, peer, transport } = dialogue;
  const controller = new AbortController();
  const first = greeter.hello({}).then(() => controller.abort());
  const second = greeter.hello({}, { signal: controller.signal });
  await peer.take(2);
  peer.send(responseFrame(1, EMPTY), responseFrame(3, words("in time")));
  await first;
  assertEquals((await second).text, "in time");
  await assertQuiet(dialogue, 5);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("ClientCall leaves no listener on the caller's signal", async () => {
  const { greeter, peer } = openDialogue();
  const { signal } = new AbortController();
  const calls = [greeter.hello({}, { signal }), greeter.helloAll([], { signal })];
  const replies = greeter.count({}, { signal })[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.take(4);
  assertEquals(getEventListeners(signal, "abort").length, 1);
  await replies.return?.();
  peer.send(responseFrame(1, EMPTY), responseFrame(3, EMPTY), responseFrame(5, EMPTY));
  await Promise.all([first, ...calls]);
  assertEquals(getEventListeners(signal, "abort").length, 0);
});
