// Frames alone: what decoding and encoding cost before any call is made.
import { decodeRequest, encodeFrame, encodeRequest, FrameDecoder, FrameType } from "@ttrpc/ttrpc/frame";

const FRAMES = 1000;
const body = new Uint8Array(64);
const one = encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body });
const many = new Uint8Array(FRAMES * one.length);
for (let i = 0; i < FRAMES; i++) many.set(one, i * one.length);
const sink = { frame() {}, oversize() {} };

const request = encodeRequest({
  service: "greeter.v1.Greeter",
  method: "Hello",
  payload: body,
  timeoutNanos: 0n,
  metadata: [],
});

Deno.bench("decode 1000 frames of 64 bytes, in one chunk", { group: "decode", baseline: true }, () => {
  new FrameDecoder().push(many, sink);
});

Deno.bench("decode 1000 frames of 64 bytes, in chunks of 100 bytes", { group: "decode" }, () => {
  const decoder = new FrameDecoder();
  for (let at = 0; at < many.length; at += 100) decoder.push(many.subarray(at, at + 100), sink);
});

Deno.bench("encode a frame of 64 bytes", () => {
  encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body });
});

Deno.bench("decode a Request", () => {
  decodeRequest(request);
});
