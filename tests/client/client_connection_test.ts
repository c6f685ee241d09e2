import { assertEquals, assertInstanceOf } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ClientCall } from "../../src/client/client_call.ts";
import { ClientConnection } from "../../src/client/client_connection.ts";
import { methodInfo } from "../../src/rpc/method_info.ts";
import { SingleReply } from "../../src/client/single_reply.ts";
import { resolveConnectionOptions } from "../../src/connection/connection_options.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { encodeFrame, FrameError, FrameType } from "../../src/frame/mod.ts";
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
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, failureOf, openDialogue, transportTo } from "./dialogue.ts";
import { assertStats } from "../assert_stats.ts";

const { hello } = Greeter.method;
const never = new Promise<never>(() => {});
const HOST = {
  defaultTimeoutMs: Infinity,
  waitForReady: false,
  connectError: undefined,
  submit() {},
  callBegan() {},
  callEnded() {},
};

Deno.test("[C2] ClientConnection takes no call after id 2^31-1, and closes after its last", async () => {
  const peer = new ScriptedPeer();
  const options = { ...resolveConnectionOptions({}), cancelNotice: true, ping: undefined };
  const connection = new ClientConnection(peer.duplex, options, () => {}, 2 ** 31 - 3);
  const open = () =>
    new Promise((resolve, reject) => {
      const info = methodInfo(hello);
      const call = new ClientCall(info, {}, HOST, new SingleReply(info, resolve, reject));
      if (call.begin()) call.openWith(connection, {});
    });
  const first = open();
  assertEquals(connection.isUsable, true);
  const last = open();
  assertEquals(connection.isUsable, false);
  assertEquals(await peer.take(2), [
    requestFrame(2 ** 31 - 3, hello, 0),
    requestFrame(2 ** 31 - 1, hello, 0),
  ]);
  peer.send(responseFrame(2 ** 31 - 1, EMPTY));
  await last;
  await settled();
  assertEquals(connection.stats().openCalls, 1);
  peer.send(responseFrame(2 ** 31 - 3, EMPTY));
  await Promise.all([first, peer.ended, connection.closed]);
});

Deno.test("[A7] ClientConnection drops and counts what is for no open call", async () => {
  const dialogue = openDialogue({ readMaxBytes: 100 });
  const { greeter, peer, transport } = dialogue;
  const reply = greeter.hello({});
  await peer.next();
  const long = new Uint8Array(101);
  for (const id of [0, 2, 3, 99, 0xffffffff]) {
    peer.send(statusFrame(id, Code.Internal), dataFrame(id, BROKEN), endFrame(id), dataFrame(id, long));
    peer.send({ streamId: id, type: FrameType.Request, flags: 0, body: EMPTY });
    peer.send({ streamId: id, type: 4, flags: 0, body: long });
  }
  peer.send(responseFrame(1, words("right")));
  assertEquals((await reply).text, "right");
  for (let i = 0; i < 135; i++) peer.send(statusFrame(1, Code.InvalidArgument, "too many"));
  await assertQuiet(dialogue, 3);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 4 * 5 + 135 });
});

Deno.test("[L1] ClientConnection fails the call of a body over the limit, and no other", async () => {
  const dialogue = openDialogue({ readMaxBytes: 1000 });
  const { greeter, peer } = dialogue;
  const long = new Uint8Array(1001);
  const unary = failureOf(greeter.hello({}));
  await peer.next();
  const stream = failureOf(Array.fromAsync(greeter.count({})));
  await peer.next();
  const other = greeter.helloAll([]);
  await peer.take(2);
  peer.send({ ...responseFrame(1, EMPTY), body: long }, dataFrame(3, number(7)), dataFrame(3, long));
  for (const { code, rawMessage } of await Promise.all([unary, stream])) {
    assertEquals(code, Code.ResourceExhausted);
    assertEquals(rawMessage, "message length 1001 exceed maximum message size of 1000");
  }
  assertEquals(await peer.next(), statusFrame(3, Code.Canceled));
  await assertQuiet(dialogue, 7);
  const exact = responseFrame(5, words("x".repeat(994)));
  peer.send(exact);
  assertEquals([exact.body.length, (await other).text.length], [1000, 994]);
});

const LOSSES: [lose: (peer: ScriptedPeer) => void, message: string, cause?: new () => Error][] = [
  [(peer) => peer.closeWrite(), "Connection closed by the server"],
  [(peer) => peer.close(), "Connection closed by the server"],
  [(peer) => peer.breakOff(new RangeError("reset")), "Connection lost: reset", RangeError],
  [
    (peer) => peer.sendBytes(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 1, 2, 0])),
    "Connection lost: Cannot decode a frame: its reserved length byte is not zero, but 1",
    FrameError,
  ],
  [
    (peer) => {
      peer.sendBytes(encodeFrame(responseFrame(1, words("Ada"))).subarray(0, -1));
      peer.closeWrite();
    },
    "Connection lost: Cannot decode a frame: unexpected end of stream",
    FrameError,
  ],
];

Deno.test("[Z1, F3, F5] ClientConnection that is lost fails its calls with 14 and the cause", async () => {
  for (const [lose, message, cause] of LOSSES) {
    const { greeter, peer, transport } = openDialogue();
    const failures = [failureOf(greeter.hello({}))];
    await peer.next();
    let isReturned = false;
    const names = async function* () {
      try {
        yield {};
        await settled();
        yield {};
      } finally {
        isReturned = true;
      }
    };
    failures.push(failureOf(greeter.helloAll(names())));
    await peer.take(2);
    lose(peer);
    for (const error of await Promise.all(failures)) {
      assertEquals([error.code, error.rawMessage, error.requestSent], [Code.Unavailable, message, true]);
      if (cause === undefined) assertEquals(error.cause, undefined);
      else assertInstanceOf(error.cause, cause);
    }
    assertEquals(transport.stats().openCalls, 0);
    await settled();
    assertEquals(isReturned, true);
  }
});

Deno.test("[Z4] ClientConnection delivers what comes right before the end", async () => {
  for (const isCut of [false, true]) {
    const { greeter, peer } = openDialogue();
    const reply = greeter.hello({});
    await peer.next();
    const replies = greeter.count({})[Symbol.asyncIterator]();
    const first = replies.next();
    await peer.next();
    peer.send(dataFrame(3, EMPTY), dataFrame(3, number(7)), responseFrame(1, words("Ada")));
    if (isCut) peer.sendBytes(new Uint8Array(9));
    peer.closeWrite();
    assertEquals((await reply).text, "Ada");
    await first;
    await settled();
    assertEquals((await replies.next()).value?.i, 7);
    assertEquals((await failureOf(replies.next())).code, Code.Unavailable);
  }
});

Deno.test("ClientConnection that ends with nothing in flight ends its own half too", async () => {
  const dialogue = openDialogue();
  await assertQuiet(dialogue, 1);
  await Promise.all([dialogue.peer.closeWrite(), dialogue.peer.ended]);
});

/** A duplex that takes one chunk and never gets done with it; `end` ends what is read. */
function stalledDuplex(): { duplex: Duplex; end: (error?: Error) => void } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const duplex = { readable, writable: new WritableStream({ write: () => never }), close: () => {} };
  const writer = writable.getWriter();
  return { duplex, end: (error) => error === undefined ? writer.close() : writer.abort(error) };
}

Deno.test("[Z1] ClientConnection knows of which calls no byte was handed to the socket", async () => {
  for (const error of [undefined, new Error("reset")]) {
    const { duplex, end } = stalledDuplex();
    const transport = transportTo([duplex]);
    const greeter = createClient(Greeter, transport);
    const handed = failureOf(greeter.hello({}));
    await settled();
    const queued = [failureOf(greeter.hello({})), failureOf(greeter.helloAll([{}]))];
    await settled();
    end(error);
    const failures = await Promise.all([handed, ...queued]);
    assertEquals(failures.map(({ requestSent }) => requestSent), [true, false, false]);
    assertEquals(failures.map(({ code }) => code), [14, 14, 14]);
    await transport.close();
  }
});
