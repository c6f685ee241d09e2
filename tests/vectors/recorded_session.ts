import { type Frame, FRAME_HEADER_BYTES } from "../../src/wire/frame.ts";
import type { RequestEnvelope } from "../../src/wire/request_envelope.ts";
import type { ResponseEnvelope, Status } from "../../src/wire/response_envelope.ts";
import { bytesOf, type RecordedBytes } from "./recorded_bytes.ts";
import { readVectors } from "./vector_files.ts";

/** Whose programs spoke; README.md has their versions. */
export type PeerName = "Go" | "Rust";

/** One recorded connection. */
export interface Session {
  client: PeerName;
  server: PeerName;
  /** Whose end of stream came first. */
  closedFirst: "client" | "server";
  /** Puts all frames together. */
  readFrames(): Promise<SessionFrame[]>;
}

/** A frame, and who sends it. */
export interface DirectedFrame extends Frame {
  dir: "c2s" | "s2c";
}

/** A recorded frame with what it stands for. */
export interface SessionFrame extends DirectedFrame {
  /** The frame as it was on the wire. */
  bytes: Uint8Array;
  request?: RequestEnvelope;
  response?: ResponseEnvelope;
}

interface RecordedSession {
  client: string;
  server: string;
  closed_first: "client" | "server";
  frames: RecordedFrame[];
}

type RecordedFrame = RecordedBytes & {
  dir: "c2s" | "s2c";
  length: number;
  stream: number;
  type: number;
  flags: number;
  request?: RecordedRequest;
  response?: RecordedResponse;
};

interface RecordedRequest {
  service: string;
  method: string;
  timeout_nano: string;
  metadata: [key: string, value: string][];
  payload: RecordedBytes;
}

interface RecordedResponse {
  status: RecordedStatus | null;
  payload: RecordedBytes;
}

interface RecordedStatus {
  code: number;
  message: string;
  message_bytes?: RecordedBytes;
  details: { type_url: string; value_hex: string }[];
}

/** Reads the sessions of a scenario. */
export async function readSessions(scenario: string): Promise<Session[]> {
  const { sessions } = await readVectors<{ sessions: RecordedSession[] }>(scenario);
  return sessions.map(({ client, server, closed_first, frames }) => ({
    client: peerName(client),
    server: peerName(server),
    closedFirst: closed_first,
    readFrames: () => Promise.all(frames.map(frameOf)),
  }));
}

function peerName(program: string): PeerName {
  const [name] = program.split(" ");
  if (name === "Go" || name === "Rust") return name;
  throw new Error(`Cannot tell whose program ${program} is`);
}

async function frameOf(recorded: RecordedFrame): Promise<SessionFrame> {
  const { dir, length, stream: streamId, type, flags, request, response } = recorded;
  const bytes = await bytesOf(recorded);
  const body = bytes.subarray(FRAME_HEADER_BYTES);
  if (body.length !== length) {
    throw new Error(`Cannot read a frame: ${body.length} bytes instead of ${length}`);
  }
  const frame: SessionFrame = { dir, streamId, type, flags, body, bytes };
  if (request !== undefined) frame.request = await requestOf(request);
  if (response !== undefined) frame.response = await responseOf(response);
  return frame;
}

async function requestOf(recorded: RecordedRequest): Promise<RequestEnvelope> {
  const { service, method, timeout_nano, metadata, payload } = recorded;
  return { service, method, payload: await bytesOf(payload), timeoutNanos: BigInt(timeout_nano), metadata };
}

async function responseOf({ status, payload }: RecordedResponse): Promise<ResponseEnvelope> {
  const envelope = { payload: await bytesOf(payload) };
  return status === null ? envelope : { status: await statusOf(status), ...envelope };
}

async function statusOf({ code, message, message_bytes, details }: RecordedStatus): Promise<Status> {
  return {
    code,
    message: message_bytes ? new TextDecoder().decode(await bytesOf(message_bytes)) : message,
    details: details.map(({ type_url, value_hex }) => ({
      typeUrl: type_url,
      value: Uint8Array.fromHex(value_hex),
    })),
  };
}
