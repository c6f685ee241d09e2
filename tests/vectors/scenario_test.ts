import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { assert, assertEquals } from "@std/assert";
import { equals } from "@std/bytes";
import { Interop } from "../../gen/interop/v1/interop_pb.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { FrameFlag, FrameType } from "../../src/wire/frame.ts";
import { decodeRequest, encodeRequest, type RequestEnvelope } from "../../src/wire/request_envelope.ts";
import { decodeResponse, encodeResponse } from "../../src/wire/response_envelope.ts";
import { withRandom } from "../random.ts";
import { assertDecodes } from "./assert_decodes.ts";
import { readSessions, type SessionFrame } from "./recorded_session.ts";
import { READS_VECTORS, SCENARIOS } from "./vector_files.ts";

for (const scenario of SCENARIOS) {
  Deno.test(
    `[F1] FrameDecoder finds the frames recorded in ${scenario}, however they are cut`,
    READS_VECTORS,
    () =>
      withRandom(async (random) => {
        for (const { readFrames } of await readSessions(scenario)) {
          const frames = await readFrames();
          assertDecodes(frames.filter(({ dir }) => dir === "c2s"), random);
          assertDecodes(frames.filter(({ dir }) => dir === "s2c"), random);
        }
      }),
  );

  Deno.test(`[E1] The codecs give the bytes and fields recorded in ${scenario}`, READS_VECTORS, async () => {
    for (const { client, server, readFrames } of await readSessions(scenario)) {
      const requests = new Map<number, RequestEnvelope>();
      (await readFrames()).forEach((frame, index) => {
        const name = `${client} to ${server}, frame ${index}`;
        assertCodecs(frame, name);
        if (frame.request !== undefined) requests.set(frame.streamId, frame.request);
        assertMessage(frame, requests.get(frame.streamId), name);
      });
    }
  });
}

/** Asserts that what a frame stands for gives its bytes, and the other way round. */
function assertCodecs(frame: SessionFrame, name: string): void {
  const { streamId, type, flags, body, request, response } = frame;
  let encoded = body;
  if (type === FrameType.Request) {
    assert(request !== undefined, name);
    encoded = encodeRequest(request);
    const { payload, ...fields } = decodeRequest(body);
    assertEquals({ ...fields, payload: request.payload }, request, name);
    assert(equals(payload, request.payload), `${name}: other bytes in the payload`);
  }
  if (type === FrameType.Response) {
    assert(response !== undefined, name);
    encoded = encodeResponse(response);
    const { payload, ...fields } = decodeResponse(body);
    assertEquals({ ...fields, payload: response.payload }, response, name);
    assert(equals(payload, response.payload), `${name}: other bytes in the payload`);
  }
  assert(equals(encodeFrame({ streamId, type, flags, body: encoded }), frame.bytes), `${name}: other bytes`);
}

/** Asserts that a frame's message is one that protobuf-es gives too, and so nothing was cut off or added. */
function assertMessage(frame: SessionFrame, call: RequestEnvelope | undefined, name: string): void {
  assert(call !== undefined, name);
  const message = frame.request?.payload ?? frame.response?.payload ?? frame.body;
  const schema = schemaOf(frame, call);
  if (schema === undefined || (frame.flags & FrameFlag.NoData) !== 0) assertEquals(message.length, 0, name);
  else {assert(
      equals(toBinary(schema, fromBinary(schema, message)), message),
      `${name}: other bytes in the message`,
    );}
}

function schemaOf({ dir }: SessionFrame, { service, method }: RequestEnvelope): DescMessage | undefined {
  const desc = Interop.typeName === service ? Interop.methods.find(({ name }) => name === method) : undefined;
  return dir === "c2s" ? desc?.input : desc?.output;
}
