import type { ConnectionHandler } from "../../src/connection/connection.ts";
import type { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { Frame } from "../../src/wire/frame.ts";
import { FrameDecoder } from "../../src/wire/frame_decoder.ts";

/** A handler that keeps what it is told. */
export class FrameRecorder implements ConnectionHandler {
  readonly openCalls = 0;
  /** The frames so far, with bodies of their own. */
  readonly frames: Frame[] = [];
  /** The announced lengths of the bodies that were over the limit. */
  readonly oversizes: number[] = [];
  /** What `readEnded` was told, each time. */
  readonly ends: (TtrpcError | undefined)[] = [];

  /** What `writeFailed` was told, each time. */
  readonly writeErrors: TtrpcError[] = [];

  frame(streamId: number, type: number, flags: number, body: Uint8Array): void {
    this.frames.push({ streamId, type, flags, body: body.slice() });
  }

  oversize(_streamId: number, _type: number, _flags: number, length: number): void {
    this.oversizes.push(length);
  }

  readEnded(error?: TtrpcError): void {
    this.ends.push(error);
  }

  writeFailed(error: TtrpcError): void {
    this.writeErrors.push(error);
    this.onWriteFailed(error);
  }

  /** What a test does then. */
  onWriteFailed(_error: TtrpcError): void {}
}

/** The frames of some chunks; throws if they end inside one. */
export function decodeFrames(chunks: Iterable<Uint8Array>): Frame[] {
  const decoder = new FrameDecoder({ maxBodyBytes: 0xffffff });
  const recorder = new FrameRecorder();
  for (const chunk of chunks) decoder.push(chunk, recorder);
  decoder.end();
  return recorder.frames;
}
