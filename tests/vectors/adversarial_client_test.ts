import { create, fromJson, type Message, toBinary } from "@bufbuild/protobuf";
import { assertEquals, assertExists, assertInstanceOf, assertMatch } from "@std/assert";
import { EchoResponseSchema, Interop } from "../../gen/interop/v1/interop_pb.ts";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import { type Frame, FrameType } from "../../src/frame/mod.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { responseFrame, statusFrame } from "../call_frames.ts";
import type { ScriptedPeer } from "../scripted_peer.ts";
import { type ClientCase, fieldsOf, readCases, testCase } from "./adversarial_cases.ts";
import { callMethod } from "./call_method.ts";

/** All cases in their order, each with the rules that it holds. */
const RULES: Record<string, string> = {
  "response-zero-length": "[E3] ",
  "response-empty-status": "[E4, P7] ",
  "response-ok-with-message": "[E4] ",
  "response-unknown-code": "[E4] ",
  "response-unknown-stream": "[A7] ",
  "response-id-zero": "[A7] ",
  "response-twice": "[A7] ",
  "terminal-thrice": "[A7] ",
  "data-on-unary-call": "[A8, X2] ",
  "server-stream-ends-with-response": "[A3] ",
  "server-stream-response-payload": "[A4] ",
  "data-close-with-item": "[A2] ",
  "data-zero-length-item": "[C6] ",
  "type-4-on-active-stream": "[F6] ",
  "response-no-protobuf": "[A8] ",
  "response-oversize": "[L1] ",
  "response-length-first-byte": "[F3] ",
  "eof-without-answer": "[Z1] ",
  "eof-amid-stream": "[Z1] ",
  "sum-answered-early": "[R1] ",
};

/** What the client sends once it has got the bytes, if anything: it gives a call up that the server may run. */
const SENT: Record<string, Frame[]> = { "data-on-unary-call": [statusFrame(1, Code.Canceled)] };

const KINDS_OF_ERROR = {
  "protocol": [Code.Internal, /^Protocol error: /],
  "connection closed": [Code.Unavailable, /^Connection closed by the server$/],
} as const;

const { client: CASES } = await readCases();

Deno.test("createTransport() is tested with every case of adversarial.json for clients", () => {
  assertEquals(CASES.map(({ name }) => name), Object.keys(RULES));
});

for (const given of CASES) {
  testCase(`${RULES[given.name]}createTransport() stands`, given, async ({ peer, attack }) => {
    await using transport = createTransport({ connect: () => Promise.resolve(peer.duplex) });
    const messages = given.call.send?.length ?? 0;
    const settled = Promise.withResolvers<void>();
    const outcome = callOf(transport, given, settled.promise);
    await peer.take(1 + messages + (given.call.half_close ? 1 : 0));
    await attack();
    assertOutcome(await outcome, given);
    settled.resolve();
    if (given.expect.connection === "open") {
      assertEquals(await goOn(transport, peer), SENT[given.name] ?? []);
      await transport.close();
    }
    assertEquals(await peer.rest(), []);
  });
}

interface Outcome {
  items: Message[];
  error?: TtrpcError;
}

/** Makes a case's call; the source of an upload that is not half-closed goes on when the call is over. */
async function callOf(transport: Transport, { call }: ClientCase, settled: Promise<void>): Promise<Outcome> {
  const { method: name, request = {}, send = [], half_close } = call;
  const method = Interop.methods.find((one) => one.name === name);
  assertExists(method);
  const { input } = method;
  async function* upload(): AsyncGenerator<Message> {
    yield* send.map((fields) => fromJson(input, fields));
    if (half_close) return;
    await settled;
    yield fromJson(input, {});
  }
  const items: Message[] = [];
  try {
    for await (const item of callMethod(transport, method, fromJson(input, request), upload())) {
      items.push(item);
    }
    return { items };
  } catch (error) {
    assertInstanceOf(error, TtrpcError);
    return { items, error };
  }
}

function assertOutcome({ items, error }: Outcome, { call, expect }: ClientCase): void {
  const { connection: _, error: kind, ...expected } = expect;
  const observed: Record<string, unknown> = {
    ...(items[0] && fieldsOf(items[0])),
    outcome: error === undefined ? "ok" : "error",
    items: items.length,
    code: error?.code,
    message: error?.rawMessage,
  };
  for (const [name, value] of Object.entries(expected)) assertEquals(observed[name], value, name);
  if (call.kind === "server_stream") assertEquals(items.map((item) => fieldsOf(item).seq), [...items.keys()]);
  if (kind === undefined) return;
  const [code, message] = KINDS_OF_ERROR[kind];
  assertEquals(error?.code, code);
  assertMatch(error?.rawMessage ?? "", message);
}

/**
 * Asserts that a call on a new stream works.
 *
 * @returns What the client has sent before it.
 */
async function goOn(transport: Transport, peer: ScriptedPeer): Promise<Frame[]> {
  const reply = createInteropClient(transport).echo({});
  const frames: Frame[] = [];
  let frame = await peer.next();
  for (; frame.type !== FrameType.Request; frame = await peer.next()) frames.push(frame);
  assertEquals(frame.streamId, 3);
  peer.send(responseFrame(3, toBinary(EchoResponseSchema, create(EchoResponseSchema, { text: "here" }))));
  assertEquals((await reply).text, "here");
  return frames;
}
