import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type CountReply, Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { encodeFrame, FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import {
  dataFrame,
  EMPTY,
  endFrame,
  number,
  OPEN,
  requestFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { chunksOf } from "../chunks.ts";
import { settled } from "../settled.ts";
import { assertQuiet, failureOf, openDialogue } from "./dialogue.ts";
import { assertStats } from "../assert_stats.ts";

const { count, chat } = Greeter.method;
const REQUEST = requestFrame(1, count, FrameFlag.RemoteClosed, { payload: number(3) });
const NOTICE = statusFrame(1, Code.Canceled);
const DONE = { done: true, value: undefined } as const;

Deno.test("ReplyStream begins its call at the first next()", async () => {
  const dialogue = openDialogue();
  const { greeter, peer, transport } = dialogue;
  const replies = greeter.count({ n: 3 })[Symbol.asyncIterator]();
  assertEquals(transport.stats().openCalls, 0);
  await assertQuiet(dialogue, 1);
  const first = replies.next();
  assertEquals(await peer.next(), { ...REQUEST, streamId: 3 });
  assertEquals(transport.stats().openCalls, 1);
  peer.send(endFrame(3));
  assertEquals(await first, DONE);
  assertEquals(await replies.next(), DONE);
});

Deno.test("ReplyStream can be iterated once", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.count({ n: 3 });
  const items = Array.fromAsync(replies);
  const message = "Cannot iterate over the replies of a call twice";
  assertThrows(() => replies[Symbol.asyncIterator](), TypeError, message);
  assertEquals(await peer.next(), REQUEST);
  peer.send(endFrame(1));
  assertEquals(await items, []);
  assertThrows(() => replies[Symbol.asyncIterator](), TypeError, message);
});

Deno.test("ReplyStream goes on in a loop where a first next() has stopped", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.count({ n: 3 })[Symbol.asyncIterator]() as AsyncIterableIterator<CountReply>;
  const first = replies.next();
  assertEquals(await peer.next(), REQUEST);
  peer.send(dataFrame(1, number(1)), dataFrame(1, number(2)), endFrame(1));
  assertEquals((await first).value?.i, 1);
  assertEquals(await Array.fromAsync(replies, ({ i }) => i), [2]);
});

Deno.test("[X2] ReplyStream gives its call up when the loop is left", async () => {
  const dialogue = openDialogue();
  const { greeter, peer, transport } = dialogue;
  const seen: number[] = [];
  const loop = (async () => {
    for await (const { i } of greeter.count({ n: 3 })) {
      seen.push(i);
      if (i === 7) break;
    }
  })();
  assertEquals(await peer.next(), REQUEST);
  peer.send(dataFrame(1, EMPTY), dataFrame(1, number(7)), dataFrame(1, number(8)));
  await loop;
  assertEquals(seen, [0, 7]);
  assertEquals(await peer.next(), NOTICE);
  peer.send(dataFrame(1, number(9)), endFrame(1));
  await assertQuiet(dialogue, 3);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 2 });
});

Deno.test("ReplyStream sends no notice when the loop is left after the server's end", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const replies = greeter.count({ n: 3 })[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.next();
  peer.send(dataFrame(1, EMPTY), dataFrame(1, number(7)), endFrame(1));
  await first;
  await settled();
  assertEquals(await replies.return?.(), DONE);
  assertEquals(await replies.next(), DONE);
  await assertQuiet(dialogue, 3);
});

Deno.test("ReplyStream.return() settles at once, and so does a next() that is pending", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const replies = greeter.chat(new ReadableStream<{ name: string }>())[Symbol.asyncIterator]();
  const pending = [replies.next(), replies.next()];
  assertEquals(await peer.next(), requestFrame(1, chat, OPEN));
  assertEquals(await replies.return?.(), DONE);
  assertEquals(await Promise.all(pending), [DONE, DONE]);
  assertEquals(await peer.next(), NOTICE);
  await assertQuiet(dialogue, 3);
});

Deno.test("ReplyStream.return() before the first next() is the end of a call that never was", async () => {
  const dialogue = openDialogue();
  const controller = new AbortController();
  const replies = dialogue.greeter.count({ n: 3 }, { signal: controller.signal })[Symbol.asyncIterator]();
  assertEquals(await replies.return?.(), DONE);
  assertEquals(await replies.next(), DONE);
  await assertQuiet(dialogue, 1);
  controller.abort();
  assertEquals(await replies.next(), DONE);
});

Deno.test("ReplyStream.throw() gives the call up and rejects with what it was given", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.count({ n: 3 })[Symbol.asyncIterator]();
  const pending = replies.next();
  await peer.next();
  const reason = new RangeError("out of here");
  assertStrictEquals(await replies.throw?.(reason).catch((error) => error), reason);
  assertEquals([await pending, await peer.next()], [DONE, NOTICE]);
});

Deno.test("ReplyStream settles several pending next() in their order", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.chat([])[Symbol.asyncIterator]();
  const pending = [1, 2, 3, 4].map(() => replies.next());
  await peer.take(2);
  peer.send(dataFrame(1, words("Ada")), dataFrame(1, words("Eve")), endFrame(1));
  const steps = await Promise.all(pending);
  assertEquals(steps.map(({ done, value }) => done ? "end" : value.text), ["Ada", "Eve", "end", "end"]);
});

Deno.test("ReplyStream keeps what it has not yet given out when more bytes come", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.chat([])[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.take(2);
  const names = ["Ada", "Eve", "Ida", "Bob"];
  for (const name of names) {
    peer.send(dataFrame(1, words(name)));
    await settled();
  }
  peer.send(endFrame(1));
  const seen: string[] = [];
  for (let step = await first; !step.done; step = await replies.next()) seen.push(step.value.text);
  assertEquals(seen, names);
});

Deno.test("ReplyStream can be left in an abort listener that stands before its own", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => replies.return?.());
  const replies = greeter.count({ n: 3 }, { signal: controller.signal })[Symbol.asyncIterator]();
  const pending = replies.next();
  await peer.next();
  controller.abort();
  assertEquals([await pending, await peer.next()], [DONE, NOTICE]);
  await assertQuiet(dialogue, 3);
});

Deno.test("[A6] ReplyStream rejects again and again once its call has failed", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.count({ n: 3 })[Symbol.asyncIterator]();
  const failure = failureOf(replies.next());
  await peer.next();
  peer.send(statusFrame(1, Code.NotFound));
  const error = await failure;
  assertStrictEquals(await failureOf(replies.next()), error);
});

Deno.test("ReplyStream keeps a reply that came in pieces", async () => {
  const { greeter, peer } = openDialogue();
  const replies = Array.fromAsync(greeter.chat([]), ({ text }) => text);
  await peer.take(2);
  const text = "a".repeat(200_000);
  for (const chunk of chunksOf(encodeFrame(dataFrame(1, words(text))), 60_000)) peer.sendBytes(chunk);
  peer.send(dataFrame(1, words("b")), endFrame(1));
  assertEquals(await replies, [text, "b"]);
});
