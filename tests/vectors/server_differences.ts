import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { EchoResponseSchema, SumResponseSchema } from "../../gen/interop/v1/interop_pb.ts";
import { decodeResponse, type Frame, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { endFrame, responseFrame, statusFrame } from "../call_frames.ts";
import { bytesOfParts } from "./recorded_bytes.ts";
import type { DirectedFrame } from "./recorded_session.ts";
import type { Difference } from "./script.ts";

/** What our server rightly answers otherwise than the recorded ones. */
export const SERVER_DIFFERENCES: readonly Difference[] = [
  {
    server: "Rust",
    rules: ["P7"],
    why: "Rust puts an empty status into each successful Response",
    change: (frames) =>
      frames.map((frame) => {
        if (frame.dir === "c2s" || frame.type !== FrameType.Response) return frame;
        const { status, payload } = decodeResponse(frame.body);
        return status?.code === Code.Ok ? { ...frame, body: responseFrame(0, payload).body } : frame;
      }),
  },
  {
    scenarios: ["chat", "chat-batch", "chat-early-end", "chat-empty-item", "chat-metadata"],
    client: "Go",
    server: "Rust",
    rules: ["S6"],
    why: "A Request with RO and without payload holds no message; Rust sends the phantom back",
    change: (frames) => frames.toSpliced(frames.findIndex(isEmptyReply), 1),
  },
  {
    scenarios: ["chat"],
    client: "Go",
    server: "Rust",
    rules: ["R2"],
    why: "With the phantom Rust was an item behind and never came to the end",
    change: (frames) => [...frames, reply(endFrame(1))],
  },
  {
    scenarios: ["sum"],
    client: "Go",
    server: "Rust",
    rules: ["S6"],
    why: "Rust counts the phantom too",
    change: (frames) =>
      replaceReply(frames, 1, responseFrame(1, toBinary(SumResponseSchema, create(SumResponseSchema, SUM)))),
  },
  {
    scenarios: ["chat-early-end"],
    rules: ["S4"],
    why: "Data for a call that has ended is dropped; Go and Rust answer each",
    change: withoutNoLongerActive,
  },
  {
    scenarios: ["sum-fail"],
    server: "Rust",
    rules: ["S4"],
    why: "Data for a call that has ended is dropped; Rust answers it",
    change: withoutNoLongerActive,
  },
  {
    scenarios: ["deadline-exceeded", "deadline-server"],
    server: "Rust",
    rules: ["D2"],
    why: "Rust says timeout",
    change: (frames) =>
      replaceReply(frames, 1, statusFrame(1, Code.DeadlineExceeded, "context deadline exceeded")),
  },
  {
    scenarios: ["fail-plain"],
    server: "Rust",
    rules: ["S11"],
    why: "Rust sends its error as it looks to a debugger",
    change: (frames) => replaceReply(frames, 1, statusFrame(1, Code.Unknown, "just an error")),
  },
  {
    scenarios: ["unknown-service"],
    server: "Rust",
    rules: ["S9", "P3"],
    why: "Rust answers 3 and that the service does not exist",
    change: (frames) =>
      replaceReply(frames, 1, statusFrame(1, Code.Unimplemented, "service interop.v1.Nobody")),
  },
  {
    scenarios: ["unknown-method"],
    server: "Rust",
    rules: ["S9", "P3"],
    why: "Rust turns the words round",
    change: (frames) => replaceReply(frames, 1, statusFrame(1, Code.Unimplemented, "method Nothing")),
  },
  {
    scenarios: ["reply-4mib"],
    server: "Rust",
    rules: ["F2", "P7"],
    why: "With its empty status Rust has no room for a reply that fills 4 MiB",
    change: (frames) => replaceReply(frames, 1, responseFrame(1, echo({ payload: FILLED }))),
  },
  {
    scenarios: ["reply-oversize"],
    server: "Rust",
    rules: ["L3"],
    why: "Rust answers 3, and counts two bytes more",
    change: (frames) => replaceReply(frames, 1, OVERSIZE_REPLY),
  },
  {
    scenarios: ["reply-oversize"],
    server: "Go",
    rules: ["L3", "P2"],
    why: "Go closes the connection",
    change: (frames) => [...frames, reply(OVERSIZE_REPLY)],
  },
  {
    scenarios: ["concurrent-10"],
    client: "Rust",
    server: "Rust",
    rules: ["S1"],
    why: "The client's last id is not above the others; Rust's server takes it",
    change: (frames) => {
      const refused = statusFrame(3, Code.InvalidArgument, "StreamID cannot be re-used and must increment");
      return replaceReply(frames, 3, refused);
    },
  },
  {
    scenarios: ["chat-metadata", "disconnect"],
    rules: ["Z2", "X3"],
    why: "The recorded client closed both halves amid the call; here only its own, and gets the error",
    atClose: [statusFrame(1, Code.Unavailable, "Connection closed by the client")],
  },
];

/** What an Echo of so many bytes is filled with. */
const FILLED = bytesOfParts([{ fill: { first: 0, length: 4_194_294 } }]);
const SUM = { sum: 55n, count: 10n };
const OVERSIZE_REPLY = statusFrame(
  1,
  Code.ResourceExhausted,
  "message length 4194315 exceed maximum message size of 4194304",
);

function echo(fields: MessageInitShape<typeof EchoResponseSchema>): Uint8Array {
  return toBinary(EchoResponseSchema, create(EchoResponseSchema, fields));
}

function reply(frame: Frame): DirectedFrame {
  return { dir: "s2c", ...frame };
}

function isEmptyReply({ dir, type, flags, body }: DirectedFrame): boolean {
  return dir === "s2c" && type === FrameType.Data && flags === 0 && body.length === 0;
}

function replaceReply(
  frames: readonly DirectedFrame[],
  streamId: number,
  by: Frame,
): DirectedFrame[] {
  return frames.map((frame) => frame.dir === "s2c" && frame.streamId === streamId ? reply(by) : frame);
}

function withoutNoLongerActive(frames: readonly DirectedFrame[]): DirectedFrame[] {
  return frames.filter(({ dir, type, body }) =>
    dir === "c2s" || type !== FrameType.Response ||
    !/^Stream(ID)? is no longer active$/.test(decodeResponse(body).status?.message ?? "")
  );
}
