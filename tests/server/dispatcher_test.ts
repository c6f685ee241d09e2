import type { DescMethod } from "@bufbuild/protobuf";
import { assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { concat } from "@std/bytes";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { encodeFrame, type Frame, FrameError, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import {
  BROKEN,
  dataFrame,
  EMPTY,
  END,
  endFrame,
  number,
  OPEN,
  readStatus,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { chunksOf } from "../chunks.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { settled } from "../settled.ts";
import { assertQuiet, MUST_BE_ODD, sayHello, serveGreeter } from "./serve_greeter.ts";
import { assertStats } from "../assert_stats.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const { RemoteClosed, RemoteOpen, NoData } = FrameFlag;
const GREETER = Greeter.typeName;
const REUSED = "StreamID cannot be re-used and must increment";

Deno.test("[S1] Dispatcher refuses an id that is not above the last, and lets its call go on", async () => {
  const { peer } = serveGreeter();
  peer.send(requestFrame(5, chat, OPEN));
  for (const id of [5, 3, 1]) {
    peer.send(sayHello(id, "Ada"));
    assertEquals(await peer.next(), statusFrame(id, Code.InvalidArgument, REUSED));
  }
  peer.send(dataFrame(5, words("Eve")), endFrame(5), sayHello(5, "Ada"));
  assertEquals(await peer.next(), statusFrame(5, Code.InvalidArgument, REUSED));
  assertEquals(await peer.take(2), [dataFrame(5, words("Eve")), endFrame(5)]);
});

Deno.test("[S2] Dispatcher answers every frame on an even id", async () => {
  const { peer, served } = serveGreeter({}, { readMaxBytes: 100 });
  for (const streamId of [0, 2, 0xfffffffe]) {
    for (const type of [0, FrameType.Request, FrameType.Response, FrameType.Data, 4, 255]) {
      for (const body of [EMPTY, statusFrame(streamId, Code.Canceled).body, new Uint8Array(101)]) {
        peer.send({ streamId, type, flags: 0xff, body });
        assertEquals(await peer.next(), statusFrame(streamId, Code.InvalidArgument, MUST_BE_ODD));
      }
    }
  }
  peer.send(sayHello(1, "Ada"));
  assertEquals(await peer.next(), responseFrame(1, words("Ada")));
  assertStats(served.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("[S3] Dispatcher uses up the id of a Request that comes to nothing", async () => {
  const { peer } = serveGreeter({}, { readMaxBytes: 100 });
  const requests: [frame: Frame, answer: Code][] = [
    [requestFrame(7, hello, 0, { service: "no.Such" }), Code.Unimplemented],
    [requestFrame(17, hello, 0, { payload: new Uint8Array(100) }), Code.ResourceExhausted],
    [{ ...sayHello(27, "Ada"), body: BROKEN }, Code.InvalidArgument],
    [requestFrame(37, hello, 0, { payload: BROKEN }), Code.Internal],
    [requestFrame(47, hello, 0, { timeoutNano: -1n }), Code.DeadlineExceeded],
  ];
  for (const [frame, code] of requests) {
    const { streamId } = frame;
    peer.send(frame, sayHello(streamId, "Ada"), sayHello(streamId + 2, "Ada"));
    const [answer, refusal, reply] = await peer.take(3);
    assertEquals(answer && readStatus(answer).code, code);
    assertEquals(refusal, statusFrame(streamId, Code.InvalidArgument, REUSED));
    assertEquals(reply, responseFrame(streamId + 2, words("Ada")));
  }
});

Deno.test("[S4] Dispatcher answers Data for a call that never was, and drops what comes late", async () => {
  const { peer, served } = serveGreeter({}, { readMaxBytes: 100 });
  peer.send(sayHello(3, "Ada"));
  await peer.next();
  for (const flags of [0, END]) {
    peer.send(dataFrame(5, EMPTY, flags));
    assertEquals(await peer.next(), statusFrame(5, Code.InvalidArgument, "StreamID is no longer active"));
  }
  peer.send(dataFrame(3, words("Eve")), endFrame(3), dataFrame(1, EMPTY), dataFrame(3, new Uint8Array(101)));
  await assertQuiet(peer);
  assertStats(served.stats(), { openCalls: 0, lateFrames: 4 });
});

Deno.test("[S5] Dispatcher fails a call of one message that gets Data, and only that call", async () => {
  const signals: AbortSignal[] = [];
  const { peer, served } = serveGreeter({
    hello: (_request, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    },
    async *count({ n }, { signal }) {
      signals.push(signal);
      yield { i: n };
      await new Promise(() => {});
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, RemoteClosed), requestFrame(5, chat, OPEN));
  assertEquals(await peer.next(), dataFrame(3, EMPTY));
  for (const id of [1, 3]) {
    peer.send(dataFrame(id, words("Eve")), endFrame(id));
    const { streamId, code } = readStatus(await peer.next());
    assertEquals([streamId, code], [id, Code.InvalidArgument]);
  }
  assertEquals(signals.map(({ reason }) => reason.code), [Code.InvalidArgument, Code.InvalidArgument]);
  peer.send(endFrame(5));
  assertEquals(await peer.next(), endFrame(5));
  assertStats(served.stats(), { openCalls: 0, lateFrames: 2 });
});

Deno.test("[S6] Dispatcher takes a first message from the Request of a client stream", async () => {
  const { peer } = serveGreeter();
  let streamId = 1;
  for (
    const [flags, payload, names] of [
      [OPEN, EMPTY, "Eve"],
      [OPEN, words("Ada"), "Eve"],
      [RemoteOpen, EMPTY, "Eve"],
      [RemoteOpen, words("Ada"), "Ada,Eve"],
      [0, words("Ada"), "Ada,Eve"],
      [0x80, words("Ada"), "Ada,Eve"],
      [RemoteClosed, words("Ada"), "Ada"],
      [RemoteClosed, EMPTY, ""],
      [END, words("Ada"), ""],
    ] as const
  ) {
    peer.send(requestFrame(streamId, helloAll, flags, { payload }));
    peer.send(dataFrame(streamId, words("Eve")), endFrame(streamId));
    assertEquals(await peer.next(), responseFrame(streamId, words(names)), `flags ${flags}`);
    streamId += 2;
  }
});

Deno.test("[S7] Dispatcher takes the payload of a server stream's Request for its message", async () => {
  const { peer } = serveGreeter();
  let streamId = 1;
  for (const flags of [RemoteClosed, 0, OPEN, NoData, 0xff]) {
    peer.send(requestFrame(streamId, count, flags, { payload: number(1) }));
    assertEquals(await peer.take(2), [dataFrame(streamId, EMPTY), endFrame(streamId)]);
    peer.send(requestFrame(streamId + 2, count, flags));
    assertEquals(await peer.next(), endFrame(streamId + 2));
    streamId += 4;
  }
});

Deno.test("[S8] Dispatcher reads Data with any flags, up to the end of the client's messages", async () => {
  const { peer, served } = serveGreeter();
  let streamId = 1;
  for (
    const [frames, names] of [
      [[dataFrame(0, words("Ada")), endFrame(0)], "Ada"],
      [[dataFrame(0, words("Ada"), RemoteClosed)], "Ada"],
      [[dataFrame(0, words("Ada")), dataFrame(0, EMPTY, RemoteClosed)], "Ada,"],
      [[dataFrame(0, words("Ada"), NoData), endFrame(0)], ""],
      [[dataFrame(0, words("Ada"), RemoteOpen | 0xf0), endFrame(0)], "Ada"],
      [[dataFrame(0, EMPTY), dataFrame(0, EMPTY), endFrame(0)], ","],
    ] as const
  ) {
    peer.send(
      requestFrame(streamId, helloAll, OPEN),
      ...frames.map((frame) => ({ ...frame, streamId })),
      dataFrame(streamId, words("late")),
    );
    assertEquals(await peer.next(), responseFrame(streamId, words(names)));
    streamId += 2;
  }
  assertStats(served.stats(), { openCalls: 0, lateFrames: 6 });
});

Deno.test("[S9] Dispatcher says which of service and method it does not know", async () => {
  const { peer } = serveGreeter({ chat: undefined });
  for (
    const [frame, message] of [
      [requestFrame(1, hello, 0, { service: "greeter.v1.Other" }), "service greeter.v1.Other"],
      [requestFrame(3, hello, 0, { method: "Other" }), "method Other"],
      [requestFrame(5, chat, OPEN), "method Chat"],
      [{ ...requestFrame(7, hello, 0), body: EMPTY }, "service "],
    ] as const
  ) {
    peer.send(frame);
    assertEquals(await peer.next(), statusFrame(frame.streamId, Code.Unimplemented, message));
  }
});

Deno.test("[S9] Dispatcher takes each call to its own method, whatever was called before", async () => {
  const { peer } = serveGreeter({}, {
    routes: (router) =>
      router.service(Greeter, {
        hello: ({ name }) => ({ text: `hello ${name}` }),
        helloAll: () => ({ text: "all" }),
      }).service(Plain, { repeat: ({ text }) => ({ text: `plain ${text}` }) }),
  });
  const { repeat } = Plain.method;
  const payload = words("Ada");
  const calls: [frame: (id: number) => Frame, answer: string | undefined][] = [
    [(id) => sayHello(id, "Ada"), "hello Ada"],
    [(id) => sayHello(id, "Eve"), "hello Eve"],
    [(id) => requestFrame(id, hello, 0, { method: "Hell", payload }), undefined],
    [(id) => requestFrame(id, hello, 0, { method: "HelloA", payload }), undefined],
    [(id) => sayHello(id, "Ada"), "hello Ada"],
    [(id) => requestFrame(id, helloAll, RemoteClosed), "all"],
    [(id) => requestFrame(id, repeat, 0, { payload }), "plain Ada"],
    [(id) => requestFrame(id, hello, 0, { service: "no.Such", payload }), undefined],
    [(id) => requestFrame(id, repeat, 0, { payload }), "plain Ada"],
    [(id) => requestFrame(id, chat, OPEN), undefined],
    [(id) => sayHello(id, "Ada"), "hello Ada"],
  ];
  for (const [i, [frame, answer]] of calls.entries()) {
    const id = 2 * i + 1;
    peer.send(frame(id));
    const reply = await peer.next();
    if (answer === undefined) assertEquals(readStatus(reply).code, Code.Unimplemented);
    else assertEquals(reply, responseFrame(id, words(answer)));
  }
});

Deno.test("[E2] Dispatcher goes by the last service and method, after a Request that began alike", async () => {
  const { peer } = serveGreeter({}, {
    routes: (router) =>
      router.service(Greeter, { hello: ({ name }) => ({ text: `hello ${name}` }), helloAll: () => ({}) })
        .service(Plain, { repeat: ({ text }) => ({ text: `plain ${text}` }) }),
  });
  const { repeat } = Plain.method;
  /** Names, then a Request that begins with others. */
  const twice = (id: number, first: DescMethod, second: DescMethod): Frame => {
    const last = requestFrame(id, second, 0, { payload: words("Ada") });
    return { ...last, body: concat([requestFrame(id, first, 0).body, last.body]) };
  };
  const calls: [first: DescMethod, second: DescMethod, answer: string][] = [
    [hello, repeat, "plain Ada"],
    [hello, hello, "hello Ada"],
    [repeat, hello, "hello Ada"],
  ];
  let id = 1;
  for (const before of [hello, repeat]) {
    for (const [first, second, answer] of calls) {
      peer.send(requestFrame(id, before, 0), twice(id + 2, first, second));
      await peer.next();
      assertEquals(await peer.next(), responseFrame(id + 2, words(answer)));
      id += 4;
    }
    peer.send(requestFrame(id, before, 0));
    await peer.next();
    const { body } = requestFrame(id + 2, hello, 0, { service: "no.Such" });
    peer.send({ ...sayHello(id + 2, "Ada"), body: concat([requestFrame(1, before, 0).body, body]) });
    assertEquals(await peer.next(), statusFrame(id + 2, Code.Unimplemented, "service no.Such"));
    id += 4;
  }
});

Deno.test("[E2] Dispatcher finds a method however its names are encoded", async () => {
  const { peer } = serveGreeter();
  const { body } = sayHello(1, "Ada");
  const unknown = new Uint8Array([0x30, 1]);
  const end = 2 + GREETER.length;
  const [service, method] = [body.subarray(0, end), body.subarray(end, end + 2 + hello.name.length)];
  const rest = body.subarray(end + method.length);
  const longLength = concat([new Uint8Array([0x0a, 0x80 + GREETER.length, 0]), body.subarray(2)]);
  const bodies: [about: string, body: Uint8Array][] = [
    ["as usual", concat([service, method, rest])],
    ["in another order", concat([method, rest, service])],
    ["after an unknown field", concat([unknown, body])],
    ["with an unknown field between", concat([service, unknown, method, rest])],
    ["twice", concat([service, service, method, method, rest])],
    ["after the payload", concat([rest, service, method])],
    ["with a long length", longLength],
  ];
  for (const [i, [about, body]] of bodies.entries()) {
    const streamId = 2 * i + 1;
    peer.send({ ...sayHello(streamId, "Ada"), body });
    assertEquals(await peer.next(), responseFrame(streamId, words("Ada")), about);
  }
});

Deno.test("[S10] Dispatcher answers a Request that can't be decoded, and a message that can't", async () => {
  const { peer, errors } = serveGreeter();
  peer.send({ ...requestFrame(1, hello, 0), body: BROKEN });
  const { code, message } = readStatus(await peer.next());
  assertEquals([code, message.slice(0, 25)], [Code.InvalidArgument, "unmarshal request error: "]);
  for (
    const [frame, type] of [
      [requestFrame(3, hello, 0, { payload: BROKEN }), "greeter.v1.HelloRequest"],
      [requestFrame(5, count, 0, { payload: BROKEN }), "greeter.v1.CountRequest"],
      [requestFrame(7, helloAll, 0, { payload: BROKEN }), "greeter.v1.HelloRequest"],
    ] as const
  ) {
    peer.send(frame);
    const { streamId, code, message } = readStatus(await peer.next());
    assertEquals([streamId, code], [frame.streamId, Code.Internal]);
    assertStringIncludes(message, type);
  }
  // The handler of a stream has begun before the message comes, so it is told, and no one else.
  const codes = errors.map((error) => TtrpcError.from(error).code);
  assertEquals(codes, [Code.InvalidArgument, Code.Internal, Code.Internal]);
});

Deno.test("[S12] Dispatcher takes ids up to 2^32-1", async () => {
  const { peer } = serveGreeter();
  for (const id of [0x7fffffff, 0x80000001, 0xffffffff]) {
    peer.send(sayHello(id, "Ada"));
    assertEquals(await peer.next(), responseFrame(id, words("Ada")));
  }
});

Deno.test("[S13, F6] Dispatcher ignores Responses and unknown types on odd ids", async () => {
  const { peer, served } = serveGreeter({}, { readMaxBytes: 100 });
  peer.send(requestFrame(1, chat, OPEN));
  for (const streamId of [1, 3, 5]) {
    peer.send(statusFrame(streamId, Code.Unavailable), responseFrame(streamId, words("Ada")));
    for (const type of [0, FrameType.Response, 4, 255]) {
      for (const body of [BROKEN, new Uint8Array(101)]) peer.send({ streamId, type, flags: 0xff, body });
    }
  }
  await assertQuiet(peer);
  assertStats(served.stats(), { openCalls: 1, lateFrames: 0 });
  peer.send(sayHello(3, "Ada"), endFrame(1));
  assertEquals(await peer.take(2), [responseFrame(3, words("Ada")), endFrame(1)]);
});

Deno.test("[L1] Dispatcher answers a body over the limit when it has gone by", async () => {
  const { peer } = serveGreeter({}, { readMaxBytes: 1000 });
  const message = "message length 1001 exceed maximum message size of 1000";
  peer.send(requestFrame(1, helloAll, OPEN), dataFrame(1, new Uint8Array(1001)), sayHello(3, "Ada"));
  assertEquals(await peer.next(), statusFrame(1, Code.ResourceExhausted, message));
  assertEquals(await peer.next(), responseFrame(3, words("Ada")));
  const bytes = encodeFrame({ ...sayHello(5, "Ada"), body: new Uint8Array(1001) });
  const answer = peer.next();
  peer.sendBytes(bytes.subarray(0, -1));
  assertEquals(await Promise.race([answer, settled()]), undefined);
  peer.sendBytes(bytes.subarray(-1));
  assertEquals(await answer, statusFrame(5, Code.ResourceExhausted, message));
  const exact = requestFrame(7, hello, 0, { payload: words("x".repeat(1000 - 33)) });
  peer.send(exact);
  assertEquals([exact.body.length, (await peer.next()).streamId], [1000, 7]);
});

Deno.test("[L1, F5] Dispatcher gives no answer to a body that is cut short", async () => {
  for (const readMaxBytes of [10, 1000]) {
    const { peer, served, errors } = serveGreeter({}, { readMaxBytes });
    peer.sendBytes(encodeFrame(sayHello(1, "Ada")).subarray(0, -1));
    await Promise.all([peer.closeWrite(), served.closed]);
    const [error] = errors;
    assertInstanceOf(error, TtrpcError);
    assertEquals(error.code, Code.Unavailable);
    assertStringIncludes(error.message, "unexpected end of stream");
  }
});

Deno.test("[F3] Dispatcher ends a connection that breaks the sequence of frames", async () => {
  const { peer, served, errors } = serveGreeter({ hello: () => new Promise(() => {}) });
  peer.send(sayHello(1, "Ada"));
  peer.sendBytes(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 3, 1, 0]));
  await served.closed;
  assertEquals(served.stats().openCalls, 0);
  assertEquals(errors.length, 1);
  assertInstanceOf(errors[0], TtrpcError);
  assertInstanceOf(errors[0].cause, FrameError);
});

Deno.test("Dispatcher answers calls as they end, not as they came", async () => {
  const replies = new Map<string, (reply: { text: string }) => void>();
  const { peer, served } = serveGreeter({
    hello: ({ name }) => new Promise((resolve) => replies.set(name, resolve)),
  });
  peer.send(sayHello(1, "a"), sayHello(3, "b"), requestFrame(5, count, 0), sayHello(7, "c"));
  assertEquals(await peer.next(), endFrame(5));
  assertEquals(served.stats().openCalls, 3);
  for (const [id, name] of [[7, "c"], [1, "a"], [3, "b"]] as const) {
    replies.get(name)?.({ text: name });
    assertEquals(await peer.next(), responseFrame(id, words(name)));
  }
});

Deno.test("[E5] Dispatcher serves several services at once, one of them without a package", async () => {
  const { peer } = serveGreeter({}, {
    routes: (router) =>
      router.service(Greeter, { hello: () => ({ text: "greeter" }) }).service(Plain, {
        repeat: ({ text }) => ({ text: `plain ${text}` }),
      }),
  });
  peer.send(sayHello(1, "Ada"), requestFrame(3, Plain.method.repeat, 0, { payload: words("Ada") }));
  assertEquals(await peer.take(2), [
    responseFrame(1, words("greeter")),
    responseFrame(3, words("plain Ada")),
  ]);
  peer.send(requestFrame(5, hello, 0, { service: "Greeter" }));
  assertEquals(await peer.next(), statusFrame(5, Code.Unimplemented, "service Greeter"));
});

Deno.test("Dispatcher keeps messages that come byte by byte", async () => {
  const { peer } = serveGreeter();
  const frames = [
    requestFrame(1, helloAll, RemoteOpen, { payload: words("Ada"), metadata: [{ key: "k", value: "v" }] }),
    dataFrame(1, words("Eve")),
    sayHello(3, "Bob"),
    endFrame(1),
  ];
  for (const frame of frames) for (const byte of chunksOf(encodeFrame(frame), 1)) peer.sendBytes(byte);
  assertEquals(await peer.next(), responseFrame(3, words("Bob")));
  assertEquals(await peer.next(), responseFrame(1, words("Ada,Eve")));
});

Deno.test("[S14] Dispatcher reads nothing further while its client takes no answers", async () => {
  const duplex = new ControlledDuplex();
  const names: string[] = [];
  const served = serveConnection(duplex, {
    sendBufferBytes: 1000,
    routes: (router) =>
      registerGreeter(router, {
        hello({ name }) {
          names.push(name);
          return { text: name.repeat(1000) };
        },
      }),
  });
  duplex.sink.hold();
  for (const [i, name] of ["a", "b", "c"].entries()) {
    duplex.receive(encodeFrame(sayHello(2 * i + 1, name)));
    await settled();
  }
  assertEquals(names, ["a"]);
  duplex.sink.release();
  await settled();
  assertEquals(names, ["a", "b", "c"]);
  duplex.endReading();
  await served.closed;
});
