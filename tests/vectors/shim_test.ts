import { assert, assertEquals } from "@std/assert";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { type Frame, FRAME_HEADER_BYTES, FrameType, readUint32 } from "../../src/wire/frame.ts";
import { decodeRequest, encodeRequest } from "../../src/wire/request_envelope.ts";
import { decodeResponse, encodeResponse } from "../../src/wire/response_envelope.ts";
import { withRandom } from "../random.ts";
import { assertDecodes } from "./assert_decodes.ts";
import { READS_VECTORS, readVectors, SHIMS } from "./vector_files.ts";

interface ShimFrame {
  dir: "c2s" | "s2c";
  hex: string;
}

/** Reads what went each way on a shim's two connections. */
async function readDirections(shim: string): Promise<(Frame & { bytes: Uint8Array })[][]> {
  const { frames, events } = await readVectors<{ frames: ShimFrame[]; events: ShimFrame[] }>(shim);
  return [frames, events].flatMap((all) =>
    (["c2s", "s2c"] as const).map((dir) => all.filter((frame) => frame.dir === dir).map(frameOf))
  );
}

function frameOf({ hex }: ShimFrame): Frame & { bytes: Uint8Array } {
  const bytes = Uint8Array.fromHex(hex);
  const [type = 0, flags = 0] = bytes.subarray(8);
  return { streamId: readUint32(bytes, 4), type, flags, body: bytes.subarray(FRAME_HEADER_BYTES), bytes };
}

for (const shim of SHIMS) {
  Deno.test(
    `[F1] FrameDecoder finds the frames recorded in ${shim}, however they are cut`,
    READS_VECTORS,
    () =>
      withRandom(async (random) => {
        for (const frames of await readDirections(shim)) {
          assert(frames.length > 0);
          assertDecodes(frames, random);
        }
      }),
  );

  Deno.test(`[E1] The codecs give the bytes recorded in ${shim} again`, READS_VECTORS, async () => {
    for (const { bytes, ...frame } of (await readDirections(shim)).flat()) {
      assertEquals(encodeFrame({ ...frame, body: recode(frame) }).toHex(), bytes.toHex());
    }
  });
}

function recode({ type, body }: Frame): Uint8Array {
  if (type === FrameType.Response) return encodeResponse(decodeResponse(body));
  assertEquals(type, FrameType.Request);
  const request = decodeRequest(body);
  // Else everything might have been taken for unknown fields: the names are always there.
  assert(request.service.startsWith("containerd.") && request.method !== "");
  return encodeRequest(request);
}
