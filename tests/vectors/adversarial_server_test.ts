import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { assert, assertEquals } from "@std/assert";
import {
  EchoRequestSchema,
  EchoResponseSchema,
  Interop,
  ItemSchema,
  SumResponseSchema,
} from "../../gen/interop/v1/interop_pb.ts";
import { ResponseSchema } from "../../gen/ttrpc/envelope_pb.ts";
import { type Frame, FrameType } from "../../src/frame/mod.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import { endFrame, requestFrame, responseFrame } from "../call_frames.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import type { ScriptedPeer } from "../scripted_peer.ts";
import { type ExpectedFrame, fieldsOf, readCases, type ServerCase, testCase } from "./adversarial_cases.ts";

/** All cases in their order, each with the rules that it holds, if there are any. */
const RULES: Record<string, string> = {
  "request-zero-length": "[E3, S9] ",
  "ping-ten-zero-bytes": "[S2] ",
  "request-even-id": "[S2] ",
  "type-4-odd-id": "[F6] ",
  "type-255": "[F6] ",
  "request-reserved-flags": "[F6] ",
  "unary-flag-remote-open": "[S15] ",
  "server-stream-flags-0": "[S7] ",
  "data-unknown-stream": "[S4] ",
  "data-after-close": "[S8] ",
  "lower-id": "[S1] ",
  "reused-id-finished": "[S1] ",
  "reused-id-active": "[S1] ",
  "oversize-by-one": "[L1] ",
  "oversize-data-frame": "[L1] ",
  "length-first-byte": "[F3] ",
  "length-all-ones": "[F3] ",
  "header-truncated": "[F5] ",
  "body-truncated": "[F5] ",
  "request-no-protobuf": "[S10] ",
  "request-unknown-fields": "[E2] ",
  "request-field-order": "[E2] ",
  "request-repeated-field": "[E2] ",
  "response-to-server": "[S13] ",
  "data-close-with-payload": "[A2, S8] ",
  "data-close-zero-length": "[A2, S8] ",
  "open-request-empty": "[S6] ",
  "open-request-with-message": "[S6] ",
  "data-on-unary": "[S5] ",
  "timeout-negative": "[D1, D2] ",
  "byte-by-byte": "[F1] ",
};

/** An id above all that the cases use. */
const PROBE_ID = 1001;
const TEXT = "still here?";
const PROBE = requestFrame(PROBE_ID, Interop.method.echo, 0, {
  payload: toBinary(EchoRequestSchema, create(EchoRequestSchema, { text: TEXT, plain: true })),
});
const PROBE_REPLY = responseFrame(
  PROBE_ID,
  toBinary(EchoResponseSchema, create(EchoResponseSchema, { text: TEXT })),
);

/** What goes on after a case whose call is left open. */
const GOING_ON: Record<string, { send: Frame; expect: Frame }> = {
  "reused-id-active": { send: endFrame(1), expect: endFrame(1) },
};

/** How many handlers are aborted, if any. */
const CANCELLED: Record<string, number> = { "data-on-unary": 1, "oversize-data-frame": 1 };

const { server: CASES } = await readCases();

Deno.test("serveConnection() is tested with every case of adversarial.json for servers", () => {
  assertEquals(CASES.map(({ name }) => name), Object.keys(RULES));
});

for (const given of CASES) {
  testCase(`${RULES[given.name]}serveConnection() stands`, given, async ({ peer, attack }) => {
    const counts = new HandlerCounts();
    const served = serveConnection(peer.duplex, {
      routes: (router) => addServices(router, counts),
      onError: () => {
        // What a server tells of broken connections and calls is not what this is about.
      },
    });
    await attack();
    const frames = given.expect.connection === "open" ? await goOn(peer, given) : [];
    frames.push(...await peer.rest());
    assertFrames(frames, given);
    await served.closed;
    await counts.idle;
    assertEquals(counts.cancelled, CANCELLED[given.name] ?? 0);
  });
}

/**
 * Asserts that the connection goes on, then ends the client's half: what the server still sends ends with its
 * half.
 *
 * @returns What came before an Echo was answered.
 */
async function goOn(peer: ScriptedPeer, { name }: ServerCase): Promise<Frame[]> {
  peer.send(PROBE);
  const frames: Frame[] = [];
  let frame = await peer.next();
  for (; frame.streamId !== PROBE_ID; frame = await peer.next()) frames.push(frame);
  assertEquals(frame, PROBE_REPLY);
  const goingOn = GOING_ON[name];
  if (goingOn !== undefined) {
    peer.send(goingOn.send);
    assertEquals(await peer.next(), goingOn.expect);
  }
  await peer.closeWrite();
  return frames;
}

function assertFrames(frames: readonly Frame[], { expect, any_order }: ServerCase): void {
  const missing = [...expect.frames];
  for (const frame of frames) {
    const at = missing.findIndex((expected) => matches(frame, expected));
    const passedOver = any_order ? [] : missing.slice(0, at);
    assert(at >= 0 && passedOver.every(({ optional }) => optional), `Not expected: ${Deno.inspect(frame)}`);
    missing.splice(at - passedOver.length, 1 + passedOver.length);
  }
  assertEquals(missing.filter(({ optional }) => !optional), []);
}

function matches(frame: Frame, expected: ExpectedFrame): boolean {
  const observed = observe(frame, expected);
  return Object.entries(expected).every(([key, value]) =>
    key === "optional" || (Array.isArray(value) ? value.includes(observed[key]) : value === observed[key])
  );
}

/** What a frame has in those fields that are expected. */
function observe(frame: Frame, expected: ExpectedFrame): Record<string, unknown> {
  const { streamId: stream, type, flags, body } = frame;
  const { status, payload } = type === FrameType.Response
    ? fromBinary(ResponseSchema, body)
    : { status: undefined, payload: body };
  const all: Record<string, unknown> = {
    stream,
    type,
    flags,
    length: body.length,
    status: type === FrameType.Response ? status?.code ?? 0 : undefined,
    message: status?.message,
    ...fieldsOf(fromBinary(schemaOf(expected), payload)),
  };
  return Object.fromEntries(Object.keys(expected).map((key) => [key, all[key]]));
}

function schemaOf({ type, sum }: ExpectedFrame): DescMessage {
  if (type === FrameType.Data) return ItemSchema;
  return sum === undefined ? EchoResponseSchema : SumResponseSchema;
}
