import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toBinary } from "@bufbuild/protobuf";
import { Greeter, MissingFieldSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import {
  BROKEN,
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

const { hello, count } = Greeter.method;
const { RemoteClosed, NoData } = FrameFlag;
const never = new Promise<never>(() => {});

function response(streamId: number, hex: string): Frame {
  return { streamId, type: FrameType.Response, flags: 0, body: Uint8Array.fromHex(hex) };
}

Deno.test("[A1, A2, A3, A4, A5, A6, A9] ClientCall takes every way in which replies end", async () => {
  const failure = statusFrame(1, Code.NotFound, "gone");
  const endings: [frames: Frame[], items: number[], code?: Code][] = [
    [[dataFrame(1, number(7)), endFrame(1)], [7]],
    [[endFrame(1)], []],
    [[dataFrame(1, EMPTY), dataFrame(1, number(7), RemoteClosed)], [0, 7]],
    [[dataFrame(1, number(7)), dataFrame(1, EMPTY, RemoteClosed)], [7, 0]],
    [[dataFrame(1, number(7)), response(1, "")], [7]],
    [[dataFrame(1, number(7)), response(1, "0a00")], [7]],
    [[dataFrame(1, number(7)), { ...response(1, "0a00"), flags: 0xff }], [7]],
    [[dataFrame(1, number(7)), responseFrame(1, number(8))], [7, 8]],
    [[dataFrame(1, EMPTY, NoData), dataFrame(1, number(7)), dataFrame(1, BROKEN, NoData), endFrame(1)], [7]],
    [[dataFrame(1, number(7)), dataFrame(1, number(8)), failure], [7, 8], Code.NotFound],
    [[{ ...failure, flags: 0xff }], [], Code.NotFound],
    [[4, 0, FrameType.Request, 255].map((type) => ({ ...failure, type })).concat(endFrame(1)), []],
  ];
  for (const [frames, items, code] of endings) {
    for (const isReading of [true, false]) {
      const dialogue = openDialogue();
      const { greeter, peer, transport } = dialogue;
      const replies = greeter.count({})[Symbol.asyncIterator]();
      const first = replies.next();
      await peer.next();
      peer.send(dataFrame(1, EMPTY));
      await first;
      const reading = isReading ? collect(replies) : undefined;
      peer.send(...frames);
      await settled();
      assertEquals(await (reading ?? collect(replies)), code === undefined ? { items } : { items, code });
      await assertQuiet(dialogue, 3);
      assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
    }
  }
});

Deno.test("[E3, E4, A9, P7] ClientCall takes every Response that means success", async () => {
  for (
    const [hex, flags, text] of [
      ["", 0, ""],
      ["0a00", 0, ""],
      ["0a020800", 0xff, ""],
      ["0a0d120b616c6c2069732077656c6c" + "12030a0178", 0, "x"],
      ["12030a0179" + "0a00", RemoteClosed, "y"],
    ] as const
  ) {
    const { greeter, peer } = openDialogue();
    const replies = [greeter.hello({}), greeter.helloAll([])];
    await peer.take(3);
    peer.send({ ...response(1, hex), flags }, { ...response(3, hex), flags });
    assertEquals((await Promise.all(replies)).map((reply) => reply.text), [text, text]);
  }
});

Deno.test("[E4, A6] ClientCall keeps code, message and details of a failure", async () => {
  const typeUrl = "type.googleapis.com/greeter.v1.MissingField";
  const value = toBinary(MissingFieldSchema, { $typeName: "greeter.v1.MissingField", field: "name" });
  for (const code of [Code.NotFound, Code.Canceled, -1, 4711]) {
    const { greeter, peer } = openDialogue();
    const replies = [greeter.hello({}), greeter.helloAll([]), Array.fromAsync(greeter.chat([]))];
    const failures = replies.map(failureOf);
    await peer.take(5);
    peer.send(...[1, 3, 5].map((id) => statusFrame(id, code, "no name", [{ typeUrl, value }])));
    for (const error of await Promise.all(failures)) {
      assertEquals([error.code, error.rawMessage, error.requestSent], [code, "no name", true]);
      assertEquals(error.findDetails(MissingFieldSchema).map(({ field }) => field), ["name"]);
    }
  }
});

Deno.test("[A8] ClientCall fails with 13 where the server breaks the rules of one call", async () => {
  const reply = "greeter.v1.HelloReply";
  for (
    const [frame, message, isNoticed] of [
      [response(1, "ffffff"), "Cannot decode a Response", false],
      [responseFrame(1, BROKEN), reply, false],
      [dataFrame(1, words("Ada")), "Data where a Response is due", true],
      [endFrame(1), "Data where a Response is due", true],
    ] as const
  ) {
    for (const call of ["hello", "helloAll"] as const) {
      const dialogue = openDialogue();
      const { greeter, peer, transport } = dialogue;
      const failure = failureOf(call === "hello" ? greeter.hello({}) : greeter.helloAll([]));
      await peer.take(call === "hello" ? 1 : 2);
      peer.send(frame);
      const { code, rawMessage } = await failure;
      assertEquals(code, Code.Internal);
      assertStringIncludes(rawMessage, message);
      if (isNoticed) assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
      await assertQuiet(dialogue, 3);
      assertEquals(transport.stats().openCalls, 0);
    }
  }
});

Deno.test("[A8] ClientCall fails with 13 at a reply that can't be decoded, after those before it", async () => {
  for (const isEnded of [false, true]) {
    const dialogue = openDialogue();
    const { greeter, peer } = dialogue;
    const replies = greeter.count({})[Symbol.asyncIterator]();
    const first = replies.next();
    await peer.next();
    peer.send(dataFrame(1, EMPTY), dataFrame(1, number(7)), dataFrame(1, BROKEN), dataFrame(1, number(8)));
    if (isEnded) peer.send(endFrame(1));
    await first;
    await settled();
    assertEquals(await collect(replies), { items: [7], code: Code.Internal });
    assertEquals(await collect(replies), { items: [], code: Code.Internal });
    if (!isEnded) assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
    await assertQuiet(dialogue, 3);
  }
});

Deno.test("[A8] ClientCall sends no notice after a last reply that can't be decoded", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const failure = failureOf(Array.fromAsync(greeter.count({})));
  await peer.next();
  peer.send(dataFrame(1, BROKEN, RemoteClosed));
  assertEquals((await failure).code, Code.Internal);
  await assertQuiet(dialogue, 3);
});

Deno.test("[D3, D4] ClientCall fails with 4 and sends nothing when no time is left", async () => {
  let connections = 0;
  const transport = new ConnectingTransport(() => {
    connections++;
    return never;
  }, {});
  const greeter = createClient(Greeter, transport);
  for (const timeoutMs of [0, -1, -Infinity]) {
    for (
      const reply of [
        greeter.hello({}, { timeoutMs }),
        greeter.helloAll([], { timeoutMs }),
        Array.fromAsync(greeter.count({}, { timeoutMs })),
        Array.fromAsync(greeter.chat([], { timeoutMs })),
      ]
    ) {
      const { code, rawMessage, requestSent } = await failureOf(reply);
      assertEquals(
        [code, rawMessage, requestSent],
        [Code.DeadlineExceeded, "context deadline exceeded", false],
      );
    }
  }
  assertEquals(connections, 0);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("[D3] ClientCall never sends a rest of time as 0", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer } = openDialogue();
  const failure = failureOf(greeter.hello({}, { timeoutMs: 1e-9 }));
  assertEquals(await peer.next(), requestFrame(1, hello, 0, { timeoutNano: 1n }));
  clock.advance(1);
  assertEquals((await failure).code, Code.DeadlineExceeded);
});

Deno.test("[D3, D4] ClientCall counts its time from the invocation, and sends what is left", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const dialogue = openDialogue({ defaultTimeoutMs: 100 });
  const { greeter, peer } = dialogue;
  const [late, inTime, endless] = [
    greeter.count({}),
    greeter.count({}, { timeoutMs: 150 }),
    greeter.count({}, { timeoutMs: Infinity }),
  ].map((replies) => replies[Symbol.asyncIterator]());
  assert(late && inTime && endless);
  clock.advance(100);
  assertEquals(await collect(late), { items: [], code: Code.DeadlineExceeded });
  const replies = [collect(inTime), collect(endless)];
  assertEquals(await peer.take(2), [
    requestFrame(1, count, RemoteClosed, { timeoutNano: 50_000_000n }),
    requestFrame(3, count, RemoteClosed),
  ]);
  peer.send(endFrame(1), endFrame(3));
  assertEquals(await Promise.all(replies), [{ items: [] }, { items: [] }]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[D3] ClientCall sends nothing if its time is over when it gets its connection", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const peer = new ScriptedPeer();
  const connection = Promise.withResolvers<Duplex>();
  const transport = new ConnectingTransport(() => connection.promise, {});
  const greeter = createClient(Greeter, transport);
  const failure = failureOf(greeter.hello({}, { timeoutMs: 10.5 }));
  // The deadline is over, and its timer has not fired yet.
  using _late = clock.ahead(10.7);
  connection.resolve(peer.duplex);
  const { code, requestSent } = await failure;
  assertEquals([code, requestSent, clock.pendingTimers], [Code.DeadlineExceeded, false, 0]);
  await assertQuiet({ greeter, peer, transport }, 1);
});

Deno.test("[D5, P4] ClientCall reports whatever fails after its deadline as 4", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer } = openDialogue();
  const options = { timeoutMs: 10.5 };
  const failures = [greeter.hello({}, options), greeter.helloAll([], options)].map(failureOf);
  await peer.take(3);
  // The deadline is over, and its timer has not fired yet.
  using _late = clock.ahead(10.7);
  peer.send(statusFrame(1, Code.Unknown, "context deadline exceeded"));
  const [answered] = await Promise.all([failures[0], peer.closeWrite()]);
  assertEquals([answered?.code, answered?.rawMessage], [4, "context deadline exceeded"]);
  const lost = await failures[1];
  assertEquals([lost?.code, lost?.rawMessage], [4, "Connection closed by the server"]);
  assertEquals(clock.pendingTimers, 0);
});
