import { assertEquals, assertThrows } from "@std/assert";
import { sendEnd, sendMessage } from "../../src/connection/send_message.ts";
import { WriterPipe } from "../../src/connection/writer_pipe.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { dataFrame, endFrame } from "../call_frames.ts";
import { decodeFrames } from "./frame_recorder.ts";
import { GatedSink } from "./gated_sink.ts";

const PURE = { permissions: "none" } as const;
const LIMITS = { writeMaxBytes: 1024, sendBufferBytes: 1, writeStallTimeoutMs: Infinity };

/** Encodes a number as so many bytes of that number; a negative one can't be encoded. */
const ENCODER = {
  size: (count: number) => Math.abs(count),
  encodeInto(count: number, out: Uint8Array, at: number): number {
    out.fill(Math.abs(count), at, at + Math.abs(count));
    if (count < 0) throw new Error("negative");
    return at + count;
  },
};

Deno.test("[C6, L2] sendMessage() sends only what can be sent", PURE, async () => {
  const sink = new GatedSink();
  const pipe = new WriterPipe(sink, LIMITS, () => {});
  assertEquals(sendMessage(pipe, 1, ENCODER, 3), 13);
  assertEquals(assertThrows(() => sendMessage(pipe, 3, ENCODER, -7), TtrpcError).code, Code.Internal);
  assertEquals(
    assertThrows(() => sendMessage(pipe, 3, ENCODER, 1025), TtrpcError).code,
    Code.ResourceExhausted,
  );
  assertEquals(sendMessage(pipe, 5, ENCODER, 0), 10);
  sendEnd(pipe, 5);
  await pipe.close();
  const expected = [dataFrame(1, new Uint8Array(3).fill(3)), dataFrame(5, new Uint8Array(0)), endFrame(5)];
  assertEquals(decodeFrames(sink.chunks), expected);
});

Deno.test("sendMessage() fails a message that sends another one while it is encoded", PURE, async () => {
  for (const before of [[], [1]]) {
    const sink = new GatedSink();
    const pipe = new WriterPipe(sink, LIMITS, () => {});
    for (const id of before) sendMessage(pipe, id, ENCODER, id);
    const nesting = {
      size: () => 500,
      encodeInto(_message: null, out: Uint8Array, at: number): number {
        for (const id of [3, 5]) sendMessage(pipe, id, ENCODER, id);
        out.fill(0xee, at, at + 500);
        return at + 500;
      },
    };
    const error = assertThrows(() => sendMessage(pipe, 7, nesting, null), TtrpcError);
    assertEquals([error.code, error.requestSent], [Code.Internal, false]);
    assertEquals(error.rawMessage, "Cannot encode a message: a getter of it sends on the same connection");
    sendMessage(pipe, 9, ENCODER, 9);
    await pipe.close();
    const ids = decodeFrames(sink.chunks).map(({ streamId, body }) => [streamId, body]);
    assertEquals(ids, [...before, 3, 5, 9].map((id) => [id, new Uint8Array(id).fill(id)]));
  }
});
