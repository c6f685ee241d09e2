// Frames and envelopes alone: what decoding and encoding cost before any call is made.
import {
  decodeRequest,
  decodeResponse,
  encodeFrame,
  encodeRequest,
  encodeResponse,
  FrameDecoder,
  FrameType,
  type RequestEnvelope,
} from "@ttrpc/ttrpc/frame";

const FRAMES = 1000;
const body = new Uint8Array(64);
const frame = { streamId: 1, type: FrameType.Data, flags: 0, body };
const one = encodeFrame(frame);
const many = new Uint8Array(FRAMES * one.length);
for (let i = 0; i < FRAMES; i++) many.set(one, i * one.length);
const sink = { frame() {}, oversize() {} };

Deno.bench("decode 1000 frames of 64 bytes, in one chunk", { group: "decode", baseline: true }, () => {
  new FrameDecoder().push(many, sink);
});

Deno.bench("decode 1000 frames of 64 bytes, in chunks of 100 bytes", { group: "decode" }, () => {
  const decoder = new FrameDecoder();
  for (let at = 0; at < many.length; at += 100) decoder.push(many.subarray(at, at + 100), sink);
});

Deno.bench("encode a frame of 64 bytes", () => {
  encodeFrame(frame);
});

const plain: RequestEnvelope = {
  service: "greeter.v1.Greeter",
  method: "Hello",
  payload: body,
  timeoutNanos: 0n,
  metadata: [],
};
const full: RequestEnvelope = {
  ...plain,
  timeoutNanos: 5_000_000_000n,
  metadata: [["authorization", "Bearer sesame"]],
};
const [plainBytes, fullBytes] = [encodeRequest(plain), encodeRequest(full)];
const response = { payload: body };
const responseBytes = encodeResponse(response);

Deno.bench("encode a Request", { group: "Request", baseline: true }, () => {
  encodeRequest(plain);
});

Deno.bench("decode a Request", { group: "Request" }, () => {
  decodeRequest(plainBytes);
});

Deno.bench("encode a Request with timeout and metadata", { group: "Request" }, () => {
  encodeRequest(full);
});

Deno.bench("decode a Request with timeout and metadata", { group: "Request" }, () => {
  decodeRequest(fullBytes);
});

Deno.bench("encode a Response", { group: "Response", baseline: true }, () => {
  encodeResponse(response);
});

Deno.bench("decode a Response", { group: "Response" }, () => {
  decodeResponse(responseBytes);
});
