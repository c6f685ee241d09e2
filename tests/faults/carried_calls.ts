import { decodeRequest, decodeResponse, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { FRAME_HEADER_BYTES } from "../../src/wire/frame.ts";
import { FrameDecoder } from "../../src/wire/frame_decoder.ts";
import { FrameRecorder } from "../connection/frame_recorder.ts";
import type { Direction } from "./fault.ts";
import { callNumber } from "./ledger_service.ts";

/** What a connection has carried of a call. */
export interface CarriedCall {
  /** Whether all has passed that its client sends. */
  isAsked: boolean;
  /** Whether a successful answer has passed, to its last frame. */
  isAnswered: boolean;
}

/** The calls whose Requests have passed on a connection, by their numbers. */
export function carriedCalls(passed: Record<Direction, readonly Uint8Array[]>): Map<number, CarriedCall> {
  const byNumber = new Map<number, CarriedCall>();
  const byId = new Map<number, CarriedCall>();
  for (const { streamId, type, flags, body } of wholeFrames(passed["to server"])) {
    if (type === FrameType.Request) {
      const call = { isAsked: !(flags & FrameFlag.RemoteOpen), isAnswered: false };
      byNumber.set(callNumber(decodeRequest(body).metadata), call);
      byId.set(streamId, call);
    } else if (flags & FrameFlag.RemoteClosed) {
      const call = byId.get(streamId);
      if (call !== undefined) call.isAsked = true;
    }
  }
  for (const frame of wholeFrames(passed["to client"])) {
    const call = byId.get(frame.streamId);
    if (call !== undefined && endsWell(frame)) call.isAnswered = true;
  }
  return byNumber;
}

/** Whether bytes end where a frame does. */
export function isWhole(chunks: readonly Uint8Array[]): boolean {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return bytes === wholeFrames(chunks).reduce((sum, { body }) => sum + FRAME_HEADER_BYTES + body.length, 0);
}

function endsWell({ type, flags, body }: Frame): boolean {
  if (type !== FrameType.Response) return (flags & FrameFlag.RemoteClosed) !== 0;
  return (decodeResponse(body).status?.code ?? Code.Ok) === Code.Ok;
}

/** A connection may have ended within a frame. */
function wholeFrames(chunks: readonly Uint8Array[]): Frame[] {
  const decoder = new FrameDecoder();
  const recorder = new FrameRecorder();
  for (const chunk of chunks) decoder.push(chunk, recorder);
  return recorder.frames;
}
