import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { assertEquals, assertExists } from "@std/assert";
import { concat } from "@std/bytes";
import {
  EchoResponseSchema,
  Interop,
  NumberSchema,
  SumResponseSchema,
} from "../../gen/interop/v1/interop_pb.ts";
import { Code } from "../../mod.ts";
import { decodeResponse, encodeFrame, FrameFlag } from "../../src/frame/mod.ts";
import { dataFrame, OPEN, readStatus, requestFrame } from "../call_frames.ts";
import { testAgainst, testAgainstEach } from "./against_peer.ts";
import { echoBytes, tooLong } from "./echo_bytes.ts";
import { FrameConnection } from "./frame_connection.ts";
import { EACH, GO, RUST } from "./peer_servers.ts";

const { echo, empty, sum } = Interop.method;
const LAST = toBinary(NumberSchema, create(NumberSchema, { value: 7n }));

testAgainstEach(
  EACH,
  "[P8] Server takes the reserved byte for a part of the length",
  async ({ peer, server }) => {
    await using connection = await FrameConnection.open(server.address);
    const header = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 1, 1, 0]);
    const swallowed = encodeFrame(requestFrame(3, empty, 0));
    const rest = new Uint8Array((1 << 24) - swallowed.length);
    await connection.sendBytes(concat([header, swallowed, rest]));
    await connection.send(requestFrame(5, empty, 0));
    const [refusal, answer] = await connection.take(2);
    assertExists(refusal);
    const code = peer === GO ? Code.ResourceExhausted : Code.InvalidArgument;
    assertEquals(readStatus(refusal), { streamId: 1, code, message: tooLong(1 << 24) });
    assertEquals(answer?.streamId, 5);
  },
);

testAgainstEach(EACH, "[P9] Server leaves metadata keys as they come", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  const metadata = [{ key: "X-Upper", value: "1" }];
  await connection.send(requestFrame(1, echo, 0, { metadata }));
  const [reply] = await connection.take(1);
  assertExists(reply);
  const seen = fromBinary(EchoResponseSchema, decodeResponse(reply.body).payload);
  assertEquals(seen.metadata.map(({ key, value }) => ({ key, value })), metadata);
});

testAgainstEach(
  EACH,
  "[P2] Server drops running calls when its client closes its half",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    await connection.send(requestFrame(1, echo, 0, { payload: echoBytes({ delayMs: 100 }) }));
    await connection.closeWrite();
    assertEquals(await connection.next(), undefined);
  },
);

testAgainst(GO, "[P11] Go server refuses a last message with RC, and takes it", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, sum, OPEN), dataFrame(1, LAST, FrameFlag.RemoteClosed));
  const answers = (await connection.take(2)).map(({ body }) => decodeResponse(body));
  // The reader and the handler answer, each when it comes to it.
  const [refusal, reply] = answers.sort((a, b) => a.payload.length - b.payload.length);
  assertEquals(refusal?.status?.message, "data close message cannot include data");
  assertExists(reply);
  assertEquals(fromBinary(SumResponseSchema, reply.payload).sum, 7n);
});

testAgainst(RUST, "[P11] Rust server's handler fails at a last message with RC", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, sum, OPEN), dataFrame(1, LAST, FrameFlag.RemoteClosed));
  const answer = { streamId: 1, code: Code.Unknown, message: "RemoteClosed" };
  assertEquals((await connection.take(1)).map(readStatus), [answer]);
});
