import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { equals } from "@std/bytes";
import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  CountRequestSchema,
  EchoRequestSchema,
  EchoResponseSchema,
  Interop,
} from "../../gen/interop/v1/interop_pb.ts";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { Code, createTransport, TtrpcError } from "../../mod.ts";
import {
  decodeResponse,
  DEFAULT_MAX_BODY_BYTES,
  encodeRequest,
  encodeResponse,
  FrameFlag,
} from "../../src/frame/mod.ts";
import { clock } from "../../src/rpc/clock.ts";
import { dataFrame, requestFrame } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { endless, testAgainstGo, untilActive } from "./against_go.ts";
import { assertFails } from "./assert_fails.ts";
import { FrameConnection } from "./frame_connection.ts";
import { pattern } from "./interop_service.ts";

const MAX = DEFAULT_MAX_BODY_BYTES;
const TOO_LONG = `message length ${MAX + 1} exceed maximum message size of ${MAX}`;
const DEADLINE = "context deadline exceeded";

function echo(request: MessageInitShape<typeof EchoRequestSchema>): Uint8Array {
  return toBinary(EchoRequestSchema, create(EchoRequestSchema, request));
}

/** How long the payload of an Echo is whose Request has a body of so many bytes. */
function requestPayloadBytes(bytes: number): number {
  const payload = echo({ payload: new Uint8Array(bytes) });
  const envelope = { service: Interop.typeName, method: "Echo", payload, timeoutNanos: 0n, metadata: [] };
  return 2 * bytes - encodeRequest(envelope).length;
}

/** The same of an Echo's Response. */
function replyPayloadBytes(bytes: number): number {
  const payload = toBinary(
    EchoResponseSchema,
    create(EchoResponseSchema, { payload: new Uint8Array(bytes) }),
  );
  return 2 * bytes - encodeResponse({ payload }).length;
}

testAgainstGo(
  "[C4] Client's deadline is kept by a Go server with calls of all kinds",
  async ({ interop }) => {
    // Time stands still for the client: what ends the calls is the server.
    using _ = new FakeClock().install();
    const options = { timeoutMs: 50 };
    const delayMs = 3_000;
    const calls = [
      interop.echo({ delayMs }, options),
      Array.fromAsync(interop.count({ n: 1, delayMs }, options)),
      interop.sum([{ delayMs }], options),
      Array.fromAsync(interop.chat([{ delayMs }], options)),
    ];
    await Promise.all(calls.map((call) => assertFails(call, Code.DeadlineExceeded, DEADLINE)));
  },
);

testAgainstGo("[D3] Client keeps the clock itself while a Go server goes on", async ({ interop }) => {
  const time = new FakeClock();
  using _ = time.install();
  const options = { timeoutMs: 60_000 };
  const calls = [
    interop.echo({ delayMs: 60_000 }, options),
    Array.fromAsync(interop.chat([{ delayMs: 60_000 }], options)),
  ];
  await untilActive(interop, 2n);
  time.advance(60_000);
  await Promise.all(calls.map((call) => assertFails(call, Code.DeadlineExceeded, DEADLINE)));
  await untilActive(interop, 2n);
});

testAgainstGo("[D5] Client reports a passed deadline as 4 where a Go server says 2", async ({ interop }) => {
  await interop.empty({});
  const time = new FakeClock();
  using _ = time.install();
  // No timer of the client fires, so the server's word counts; about half of its answers are a 2.
  clock.startTimer = () => () => {};
  const calls = Array.from(
    { length: 64 },
    () => Array.fromAsync(interop.count({ n: 1, delayMs: 3_000 }, { timeoutMs: 1e-6 })),
  );
  const failed = Promise.all(calls.map((call) => assertFails(call, Code.DeadlineExceeded, DEADLINE)));
  // The Requests leave in microtasks, before the first answer can be read.
  for (let turn = 0; turn < 50; turn++) await null;
  time.advance(1);
  assertEquals((await failed).filter(({ requestSent }) => requestSent).length, calls.length);
});

testAgainstGo("[P4] Go server ends a stream twice whose timeout is over", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  const payload = toBinary(CountRequestSchema, create(CountRequestSchema, { n: 1, delayMs: 60_000 }));
  const codesOf = new Map<number, (number | undefined)[]>();
  for (let id = 1; id < 200; id += 2) {
    const request = { payload, timeoutNano: -1n };
    await connection.send(requestFrame(id, Interop.method.count, FrameFlag.RemoteClosed, request));
    codesOf.set(id, []);
  }
  // Whether the end with 2 comes is left to chance, for each stream anew.
  let codes: (number | undefined)[] = [];
  while (codes.length < 2) {
    const frame = await connection.next();
    assertExists(frame);
    codes = codesOf.get(frame.streamId) ?? [];
    codes.push(decodeResponse(frame.body).status?.code);
  }
  assertEquals(new Set(codes), new Set([Code.Unknown, Code.DeadlineExceeded]));
});

testAgainstGo(
  "[L2] Client sends a Go server a Request of 4 MiB, and none of one byte more",
  async ({ interop }) => {
    const running = interop.echo({ text: "running", delayMs: 300 });
    const payload = pattern(1, requestPayloadBytes(MAX));
    assert(equals((await interop.echo({ payload })).payload, payload));
    const { started } = await interop.stats({});
    const tooLong = interop.echo({ payload: pattern(1, payload.length + 1) });
    const error = await assertFails(tooLong, Code.ResourceExhausted, TOO_LONG);
    assertEquals(error.requestSent, false);
    assertEquals((await interop.stats({})).started, started);
    assertEquals((await running).text, "running");
  },
);

testAgainstGo("[L2, X1] Client gives an upload up that has a message over 4 MiB", async ({ interop }) => {
  // The field's tag and length take 5 bytes.
  const payload = pattern(1, MAX - 5);
  assertEquals((await interop.sum([{ payload }])).bytes, BigInt(payload.length));
  const tooLong = interop.sum([{ payload: pattern(1, payload.length + 1) }]);
  await assertFails(tooLong, Code.ResourceExhausted, TOO_LONG);
  // The Go server waits for more: it was not told that the upload has ended.
  await untilActive(interop, 1n);
});

testAgainstGo("[F2] Client takes a Response of 4 MiB from a Go server", async ({ interop }) => {
  const replySize = replyPayloadBytes(MAX);
  const { payload } = await interop.echo({ replySize });
  assert(equals(payload, pattern(0, replySize)));
});

testAgainstGo("[P2, Z1] Go server closes the connection at a reply over 4 MiB", async ({ interop }) => {
  const calls = [
    interop.echo({ delayMs: 60_000 }),
    interop.echo({ replySize: replyPayloadBytes(MAX) + 1 }),
  ];
  const failed = Promise.all(calls.map((call) => assertFails(call, 14, "Connection closed by the server")));
  assertEquals((await failed).map(({ requestSent }) => requestSent), [true, true]);
  assertEquals((await interop.echo({ text: "on a new connection" })).text, "on a new connection");
});

testAgainstGo("[P2] Go server drops running calls when its client closes its half", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, Interop.method.echo, 0, { payload: echo({ delayMs: 100 }) }));
  await connection.closeWrite();
  assertEquals(await connection.next(), undefined);
});

testAgainstGo("[P1] Go server dies of Data on a running unary call", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, Interop.method.echo, 0, { payload: echo({ delayMs: 60_000 }) }));
  await connection.send(dataFrame(1, new Uint8Array(0)));
  assertEquals(await connection.next(), undefined);
  const { code, log } = await server.stop();
  assertEquals(code, 2);
  assertStringIncludes(log, "panic: runtime error: invalid memory address or nil pointer dereference");
});

testAgainstGo(
  "[X2, A7] Client's cancel notice does not bother a Go server",
  async ({ transport, interop }) => {
    const abort = new AbortController();
    const aborted = interop.echo({ delayMs: 300 }, { signal: abort.signal });
    const running = interop.echo({ text: "running", delayMs: 400 });
    await untilActive(interop, 2n);
    abort.abort("not needed any more");
    const error = await assertFails(aborted, Code.Canceled, "The call was canceled");
    assertEquals(error.cause, "not needed any more");
    assertEquals((await running).text, "running");
    const { active, cancelled } = await interop.stats({});
    assertEquals({ active, cancelled }, { active: 0n, cancelled: 0n });
    assertEquals(transport.stats(), { openCalls: 0, lateFrames: 1 });
  },
);

testAgainstGo(
  "[X1, A7] Client leaves a stream that a Go server goes on with",
  async ({ transport, interop }) => {
    const seen: bigint[] = [];
    for await (const { seq } of interop.count({ n: 20, delayMs: 10 })) {
      if (seen.push(seq) === 3) break;
    }
    assertEquals(seen, [0n, 1n, 2n]);
    assertEquals((await interop.echo({ text: "meanwhile" })).text, "meanwhile");
    assertEquals((await untilActive(interop, 0n)).cancelled, 0n);
    assertGreater(transport.stats().lateFrames, 0);
  },
);

testAgainstGo("[X1] Client never ends an upload that it gives up", async ({ server, interop }) => {
  await using second = createTransport({ address: server.address });
  const abort = new AbortController();
  const upload = createInteropClient(second).sum(endless({ value: 1n }), { signal: abort.signal });
  await untilActive(interop, 1n);
  abort.abort();
  await assertFails(upload, Code.Canceled, "The call was canceled");
  await createInteropClient(second).empty({});
  assertEquals((await interop.stats({})).active, 1n);
  await second.close();
  assertEquals((await untilActive(interop, 0n)).cancelled, 1n);
});

testAgainstGo("[Z1] Client's calls fail with 14 when a Go server goes away", async ({ server, interop }) => {
  const calls = [
    interop.echo({ delayMs: 60_000 }),
    Array.fromAsync(interop.count({ n: 1, delayMs: 60_000 })),
    interop.sum(endless({ value: 1n })),
    Array.fromAsync(interop.chat(endless({ hold: true }))),
  ];
  const failed = Promise.all(calls.map((call) => assertFails(call, 14, "Connection closed by the server")));
  await untilActive(interop, 4n);
  await server.stop();
  assertEquals((await failed).map(({ requestSent }) => requestSent), [true, true, true, true]);
  const error = await assertRejects(() => interop.empty({}), TtrpcError);
  assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
});
