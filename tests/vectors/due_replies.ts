import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { assert } from "@std/assert";
import { EchoResponseSchema, ItemSchema } from "../../gen/interop/v1/interop_pb.ts";
import { decodeRequest, decodeResponse, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { responseFrame } from "../call_frames.ts";
import { assertSameFrames } from "./assert_same_frames.ts";
import type { DirectedFrame } from "./recorded_session.ts";

/** The frames that a server has still to send: those of one stream in their order, the streams in any. */
export class DueReplies {
  readonly #due: Frame[];
  /** The timeout of each call, 0 for none. */
  readonly #timeouts = new Map<number, bigint>();

  /** Takes the frames of both sides: what a reply has to be may depend on its Request. */
  constructor(frames: readonly DirectedFrame[]) {
    this.#due = frames.filter(({ dir }) => dir === "s2c");
    for (const { type, streamId, body } of frames) {
      if (type === FrameType.Request) this.#timeouts.set(streamId, decodeRequest(body).timeoutNanos);
    }
  }

  /** Whether a frame is still to come. */
  has(frame: Frame): boolean {
    return this.#due.includes(frame);
  }

  /** From now on these have to come too. */
  add(frames: readonly Frame[]): void {
    this.#due.push(...frames);
  }

  /** Asserts that a frame that has come is the next one of its stream. */
  take(frame: Frame): void {
    const timeoutNanos = this.#timeouts.get(frame.streamId) ?? 0n;
    const next = this.#due.findIndex(({ streamId }) => streamId === frame.streamId);
    const expected = next < 0 ? [] : this.#due.splice(next, 1);
    assertSameFrames(
      [withAllTimeLeft(frame, timeoutNanos)],
      expected.map((frame) => withAllTimeLeft(frame, timeoutNanos)),
    );
  }

  /** Asserts that none is missing. */
  assertNone(): void {
    assertSameFrames([], this.#due);
  }
}

/**
 * What is left of a timeout when a handler tells it differs from run to run: it is some, and not more than
 * there was (PROTOCOL.md D1). Here it becomes what there was.
 */
function withAllTimeLeft(frame: Frame, timeoutNanos: bigint): Frame {
  const isMessage = frame.type === FrameType.Data && !(frame.flags & FrameFlag.NoData);
  if (timeoutNanos === 0n || !isMessage && frame.type !== FrameType.Response) return frame;
  const schema = isMessage ? ItemSchema : EchoResponseSchema;
  const message = fromBinary(schema, isMessage ? frame.body : decodeResponse(frame.body).payload);
  if (message.timeoutNano === 0n) return frame;
  assert(message.timeoutNano > 0n && message.timeoutNano <= timeoutNanos);
  message.timeoutNano = timeoutNanos;
  const bytes = toBinary(schema, message);
  return { ...frame, body: isMessage ? bytes : responseFrame(frame.streamId, bytes).body };
}
