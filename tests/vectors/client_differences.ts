import {
  decodeRequest,
  encodeRequest,
  FrameFlag,
  FrameType,
  type RequestEnvelope,
} from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { OPEN, statusFrame } from "../call_frames.ts";
import type { DirectedFrame } from "./recorded_session.ts";
import type { Difference } from "./script.ts";

/** What our client rightly sends otherwise than the recorded ones. */
export const CLIENT_DIFFERENCES: readonly Difference[] = [
  {
    scenarios: [
      "chat",
      "chat-batch",
      "chat-early-end",
      "chat-empty-item",
      "chat-metadata",
      "sum",
      "sum-fail",
    ],
    client: "Go",
    rules: ["C3", "P5"],
    why: "Go opens uploads with RO alone, which leaves open whether there is a message",
    change: (frames) =>
      frames.map((frame) =>
        frame.type === FrameType.Request && frame.flags === FrameFlag.RemoteOpen
          ? { ...frame, flags: OPEN }
          : frame
      ),
  },
  {
    scenarios: ["count-metadata"],
    client: "Go",
    rules: ["C4", "P5"],
    why: "Go forgets metadata and timeout of streams",
    change: (frames) =>
      changeRequest(frames, 1, {
        timeoutNanos: 5_000_000_000n,
        metadata: [["stream-key", "v1"], ["stream-key", "v2"]],
      }),
  },
  {
    scenarios: ["chat-metadata"],
    client: "Go",
    rules: ["C4", "P5"],
    why: "Go forgets metadata and timeout of streams",
    change: (frames) =>
      changeRequest(frames, 1, { timeoutNanos: 5_000_000_000n, metadata: [["chat-key", "v"]] }),
  },
  {
    scenarios: ["concurrent-10"],
    client: "Rust",
    server: "Rust",
    rules: ["C1"],
    why: "Rust puts ids on the wire out of order",
    change: inOrder,
  },
  {
    scenarios: ["request-oversize"],
    rules: ["L2"],
    why: "Go and Rust take an id for a request that is over the limit, and then do not send it",
    change: inOrder,
  },
  {
    scenarios: ["chat-early-end"],
    rules: ["C7"],
    why: "Go and Rust go on sending when the server has ended the call",
    change: (frames) =>
      frames.filter((frame, index) =>
        frame.dir === "s2c" || frame.type !== FrameType.Data ||
        !frames.slice(0, index).some(({ dir, flags }) => dir === "s2c" && flags & FrameFlag.RemoteClosed)
      ),
  },
  {
    scenarios: ["cancel-unary"],
    rules: ["X2"],
    why: "Go and Rust do not tell the server that a call was given up",
    change: (frames) => frames.toSpliced(1, 0, notice(Code.Canceled)),
  },
  {
    scenarios: ["deadline-exceeded"],
    rules: ["D3", "X2"],
    why: "Go and Rust do not tell the server that a deadline has passed",
    change: (frames) => frames.toSpliced(1, 0, notice(Code.DeadlineExceeded)),
  },
  {
    scenarios: ["count-abandon"],
    rules: ["X2"],
    why: "Go and Rust do not tell the server that a call was given up",
    change: (frames) => frames.toSpliced(3, 0, notice(Code.Canceled)),
  },
  {
    scenarios: ["chat-metadata", "disconnect"],
    rules: ["X2"],
    why: "Go and Rust just leave; here the server is told which calls that ends",
    atClose: [statusFrame(1, Code.Canceled)],
  },
  {
    scenarios: ["chat"],
    client: "Go",
    server: "Rust",
    rules: ["X2"],
    why: "Rust's server, an item behind, never came to the end; the client leaves, and the server is told",
    atClose: [statusFrame(1, Code.Canceled)],
  },
];

function notice(code: Code): DirectedFrame {
  return { dir: "c2s", ...statusFrame(1, code) };
}

function changeRequest(
  frames: readonly DirectedFrame[],
  streamId: number,
  fields: Partial<RequestEnvelope>,
): DirectedFrame[] {
  return frames.map((frame) =>
    frame.type === FrameType.Request && frame.streamId === streamId
      ? { ...frame, body: encodeRequest({ ...decodeRequest(frame.body), ...fields }) }
      : frame
  );
}

/** Gives the calls the ids 1, 3, 5 … in the order of their Requests. */
function inOrder(frames: readonly DirectedFrame[]): DirectedFrame[] {
  const ids = new Map<number, number>();
  for (const { type, streamId } of frames) {
    if (type === FrameType.Request) ids.set(streamId, 2 * ids.size + 1);
  }
  return frames.map((frame) => ({ ...frame, streamId: ids.get(frame.streamId) ?? frame.streamId }));
}
