import { assertEquals, assertStringIncludes } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { encodeFrame, FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { Metadata, type MetadataInit } from "../../src/rpc/metadata.ts";
import {
  dataFrame,
  EMPTY,
  endFrame,
  number,
  OPEN,
  requestFrame,
  responseFrame,
  words,
} from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { assertQuiet, failureOf, openDialogue } from "./dialogue.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const { RemoteClosed } = FrameFlag;

Deno.test("[C1, C3] A Request of each kind has its flags, its payload and the next id", async () => {
  const { greeter, peer } = openDialogue();
  const reply = greeter.hello({ name: "Ada" });
  assertEquals(await peer.next(), requestFrame(1, hello, 0, { payload: words("Ada") }));
  const items = Array.fromAsync(greeter.count({ n: 3 }));
  assertEquals(await peer.next(), requestFrame(3, count, RemoteClosed, { payload: number(3) }));
  const all = greeter.helloAll([{ name: "Ada" }]);
  assertEquals(await peer.take(3), [
    requestFrame(5, helloAll, OPEN),
    dataFrame(5, words("Ada")),
    endFrame(5),
  ]);
  const answers = Array.fromAsync(greeter.chat([]));
  assertEquals(await peer.take(2), [requestFrame(7, chat, OPEN), endFrame(7)]);
  peer.send(endFrame(7), responseFrame(5, words("all")), dataFrame(3, number(7)), endFrame(3));
  peer.send(responseFrame(1, words("Hello, Ada")));
  assertEquals((await reply).text, "Hello, Ada");
  assertEquals((await items).map(({ i }) => i), [7]);
  assertEquals((await all).text, "all");
  assertEquals(await answers, []);
});

Deno.test("[C3] A Request is these bytes", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { transport, peer } = openDialogue();
  const plain = createClient(Plain, transport);
  const failure = failureOf(plain.repeat({ text: "hi" }, { timeoutMs: 1, metadata: { K: "v" } }));
  const header = "00000021" + "00000001" + "01" + "00";
  const names = "0a05506c61696e" + "1206526570656174";
  const rest = "1a040a026869" + "20c0843d" + "2a060a016b120176";
  assertEquals(encodeFrame(await peer.next()).toHex(), header + names + rest);
  await Promise.all([transport.close(), failure]);
});

Deno.test("[C1] Ids rise on the wire whatever the calls of one turn are", async () => {
  const { greeter, peer, transport } = openDialogue();
  const calls = Array.from({ length: 20 }, (_, i) => {
    if (i % 4 === 0) return greeter.hello({});
    if (i % 4 === 1) return Array.fromAsync(greeter.count({}));
    return i % 4 === 2 ? greeter.helloAll([]) : Array.fromAsync(greeter.chat([]));
  });
  const frames = await peer.take(30);
  const ids = frames.filter(({ type }) => type === 1).map(({ streamId }) => streamId);
  assertEquals(ids, Array.from({ length: 20 }, (_, i) => 2 * i + 1));
  await Promise.all([transport.close(), Promise.allSettled(calls)]);
});

Deno.test("[C4] Metadata and timeout go into the Request of all four kinds", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer, transport } = openDialogue();
  const options = { timeoutMs: 1500.25, metadata: { trace: "7" } };
  const calls = [
    greeter.hello({ name: "Ada" }, options),
    Array.fromAsync(greeter.count({ n: 3 }, options)),
    greeter.helloAll([], options),
    Array.fromAsync(greeter.chat([], options)),
  ];
  const fields = { timeoutNano: 1_500_250_000n, metadata: [{ key: "trace", value: "7" }] };
  const frames = await peer.take(6);
  const byMethod = frames.filter(({ type }) => type === 1).toSorted((a, b) => a.flags - b.flags);
  const [unary, serverStream, ...uploads] = byMethod.map((frame) => ({ ...frame, streamId: 0 }));
  assertEquals(unary, requestFrame(0, hello, 0, { ...fields, payload: words("Ada") }));
  assertEquals(serverStream, requestFrame(0, count, RemoteClosed, { ...fields, payload: number(3) }));
  assertEquals(uploads, [requestFrame(0, helloAll, OPEN, fields), requestFrame(0, chat, OPEN, fields)]);
  await Promise.all([transport.close(), Promise.allSettled(calls)]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[C5] Metadata is sent with lower-case keys, in its order, repeated keys included", async () => {
  const { greeter, peer } = openDialogue();
  const forms: MetadataInit[] = [
    [["B", "1"], ["a", ""], ["b", "2"]],
    new Metadata([["b", "1"], ["A", ""], ["b", "2"]]),
    { B: "1", A: [""], b: "2" },
  ];
  const metadata = [{ key: "b", value: "1" }, { key: "a", value: "" }, { key: "b", value: "2" }];
  let streamId = 1;
  for (const form of forms) {
    const reply = greeter.hello({}, { metadata: form });
    assertEquals(await peer.next(), requestFrame(streamId, hello, 0, { metadata }));
    peer.send(responseFrame(streamId, EMPTY));
    await reply;
    streamId += 2;
  }
});

Deno.test("[C6] An empty message of an upload is a Data frame without body and flags", async () => {
  const { greeter, peer } = openDialogue();
  const answers = Array.fromAsync(greeter.chat([{}, { name: "" }]));
  assertEquals(await peer.take(4), [
    requestFrame(1, chat, OPEN),
    dataFrame(1, EMPTY),
    dataFrame(1, EMPTY),
    endFrame(1),
  ]);
  peer.send(endFrame(1));
  await answers;
});

Deno.test("[L2] A Request that is over the limit, or can't be encoded, takes no id", async () => {
  const dialogue = openDialogue({ writeMaxBytes: 1024 });
  const { greeter, peer } = dialogue;
  const payload = words("x".repeat(991));
  const exact = greeter.hello({ name: "x".repeat(991) });
  const frame = await peer.next();
  assertEquals([frame, frame.body.length], [requestFrame(1, hello, 0, { payload }), 1024]);
  peer.send(responseFrame(1, EMPTY));
  await exact;
  const tooLong = await failureOf(greeter.hello({ name: "x".repeat(992) }));
  assertEquals(tooLong.rawMessage, "message length 1025 exceed maximum message size of 1024");
  const names = (function* () {
    yield { name: "Ada" };
  })();
  const tooMuch = await failureOf(greeter.helloAll(names, { metadata: { key: "x".repeat(1024) } }));
  const noNumber = await failureOf(Array.fromAsync(greeter.count({ n: -1 })));
  const failures = [tooLong, tooMuch, noNumber];
  assertEquals(failures.map(({ code }) => code), [
    Code.ResourceExhausted,
    Code.ResourceExhausted,
    Code.Internal,
  ]);
  assertEquals(failures.map(({ requestSent }) => requestSent), [false, false, false]);
  assertStringIncludes(noNumber.message, "Cannot encode");
  assertEquals(names.next().value, { name: "Ada" });
  await assertQuiet(dialogue, 3);
});
