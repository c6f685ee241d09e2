import { create, toBinary } from "@bufbuild/protobuf";
import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { equals } from "@std/bytes";
import { CountRequestSchema, Interop, NumberSchema } from "../../gen/interop/v1/interop_pb.ts";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { Code, createTransport, TtrpcError } from "../../mod.ts";
import { decodeResponse, FrameFlag } from "../../src/frame/mod.ts";
import { clock } from "../../src/rpc/clock.ts";
import { dataFrame, OPEN, readStatus, requestFrame } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { endless, testAgainst, untilActive } from "./against_peer.ts";
import { assertFails } from "./assert_fails.ts";
import { echoBytes, MAX, replyPayloadBytes } from "./echo_bytes.ts";
import { FrameConnection } from "./frame_connection.ts";
import { pattern } from "./interop_service.ts";
import { GO } from "./peer_servers.ts";

const DEADLINE = "context deadline exceeded";
const LATE_DATA = `data handling error: ${DEADLINE}`;

testAgainst(
  GO,
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

testAgainst(
  GO,
  "[D5] Client reports a passed deadline as 4 where a Go server says 2",
  async ({ interop }) => {
    await interop.empty({});
    const time = new FakeClock();
    using _ = time.install();
    // No timer of the client fires, so the server's word counts; about half of its answers are a 2.
    clock.callAt = () => () => {};
    const calls = Array.from(
      { length: 64 },
      () => Array.fromAsync(interop.count({ n: 1, delayMs: 3_000 }, { timeoutMs: 1e-6 })),
    );
    const failed = Promise.all(calls.map((call) => assertFails(call, Code.DeadlineExceeded, DEADLINE)));
    // The Requests leave in microtasks, before the first answer can be read.
    for (let turn = 0; turn < 50; turn++) await null;
    time.advance(1);
    assertEquals((await failed).filter(({ requestSent }) => requestSent).length, calls.length);
  },
);

testAgainst(GO, "[P4] Go server ends a stream twice whose timeout is over", async ({ server }) => {
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

testAgainst(GO, "[P4] Go server answers Data that comes at a deadline with 3", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  const message = toBinary(NumberSchema, create(NumberSchema, { value: 1n }));
  for (let id = 1; id < 200; id += 2) {
    const request = requestFrame(id, Interop.method.sum, OPEN, { timeoutNano: -1n });
    await connection.send(request, dataFrame(id, message), dataFrame(id, message));
  }
  // Left to chance too.
  for (;;) {
    const frame = await connection.next();
    assertExists(frame);
    const { code, message } = readStatus(frame);
    if (code !== Code.InvalidArgument || message === "StreamID is no longer active") continue;
    assertEquals(message, LATE_DATA);
    break;
  }
});

testAgainst(
  GO,
  "[D5, P4] Client reports 4 where a Go server says 3 of Data at a deadline",
  async ({ interop }) => {
    await interop.empty({});
    const time = new FakeClock();
    using _ = time.install();
    clock.callAt = () => () => {};
    const messages = new Set<string>();
    // A handler that did not wait might still succeed.
    const numbers = [{ delayMs: 3_000 }, { delayMs: 3_000 }];
    while (!messages.has(LATE_DATA)) {
      const calls = Array.from({ length: 64 }, () => interop.sum(numbers, { timeoutMs: 1e-6 }));
      const failed = Promise.all(calls.map((call) => assertRejects(() => call, TtrpcError)));
      for (let turn = 0; turn < 50; turn++) await null;
      time.advance(1);
      for (const { code, rawMessage } of await failed) {
        assertEquals(code, Code.DeadlineExceeded);
        messages.add(rawMessage);
      }
    }
  },
);

testAgainst(GO, "[F2] Client takes a Response of 4 MiB from a Go server", async ({ interop }) => {
  const replySize = replyPayloadBytes(MAX);
  const { payload } = await interop.echo({ replySize });
  assert(equals(payload, pattern(0, replySize)));
});

testAgainst(GO, "[P2, Z1] Go server closes the connection at a reply over 4 MiB", async ({ interop }) => {
  const calls = [
    interop.echo({ delayMs: 60_000 }),
    interop.echo({ replySize: replyPayloadBytes(MAX) + 1 }),
  ];
  const failed = Promise.all(calls.map((call) => assertFails(call, 14, "Connection closed by the server")));
  assertEquals((await failed).map(({ requestSent }) => requestSent), [true, true]);
  assertEquals((await interop.echo({ text: "on a new connection" })).text, "on a new connection");
});

testAgainst(GO, "[P1] Go server dies of Data on a running unary call", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, Interop.method.echo, 0, { payload: echoBytes({ delayMs: 60_000 }) }));
  await connection.send(dataFrame(1, new Uint8Array(0)));
  assertEquals(await connection.next(), undefined);
  const { code, log } = await server.stop();
  assertEquals(code, 2);
  assertStringIncludes(log, "panic: runtime error: invalid memory address or nil pointer dereference");
});

testAgainst(GO, "[P10] Go server stops at a slow handler, and ends its stream often", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  const slow = toBinary(NumberSchema, create(NumberSchema, { delayMs: 60_000 }));
  await connection.send(
    requestFrame(1, Interop.method.sum, OPEN),
    ...Array.from({ length: 200 }, () => dataFrame(1, slow)),
    requestFrame(3, Interop.method.empty, 0),
  );
  const messages = new Set<string>();
  let ends = 0;
  for (;; ends++) {
    const [frame] = await connection.take(1);
    if (frame?.streamId !== 1) break;
    messages.add(readStatus(frame).message);
  }
  // About 65 messages are kept.
  assertGreater(ends, 100);
  assertEquals([...messages], [
    "data handling error: ttrpc: stream buffer full",
    "StreamID is no longer active",
  ]);
});

testAgainst(GO, "[X1] Client never ends an upload that it gives up", async ({ server, interop }) => {
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
