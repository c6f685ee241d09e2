import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { assertEquals, assertInstanceOf } from "@std/assert";
import { concat } from "@std/bytes";
import { EchoRequestSchema, EchoResponseSchema, Interop } from "../../gen/interop/v1/interop_pb.ts";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import {
  createTransport,
  type Duplex,
  memoryDuplex,
  serveConnection,
  type Transport,
  TtrpcError,
} from "../../mod.ts";
import { decodeRequest, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { assertIdle } from "../assert_stats.ts";
import { responseFrame } from "../call_frames.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { callMethod } from "../vectors/call_method.ts";
import { missingBytes } from "./framing.ts";
import type { FuzzCase } from "./fuzz_case.ts";
import { LIMITS } from "./limits.ts";
import { mustBecome, mustSettle } from "../waiting.ts";

const PROBE = "After all that?";

/**
 * Attacks a client that makes calls.
 *
 * @throws {Error} If something is not as it must be.
 */
export async function attackClient(
  { chunks, calls, limits, isHalfClosed, givesUp }: FuzzCase,
): Promise<void> {
  using peer = new ScriptedPeer();
  let connections = 0;
  await using transport = createTransport({
    ...LIMITS[limits],
    connect: () => Promise.resolve(connections++ === 0 ? peer.duplex : healthyServer()),
  });
  const echo = () => createInteropClient(transport).echo({ text: PROBE });
  const giveUp = new AbortController();
  const outcomes = Promise.all(callsOf(calls).map((call) => call(transport, giveUp.signal)));
  const heard = hear(peer);
  await mustSettle("the client speaks", Promise.race([heard.first, outcomes]));
  const middle = givesUp ? chunks.length >> 1 : chunks.length;
  for (const chunk of chunks.slice(0, middle)) peer.sendBytes(chunk);
  if (givesUp) {
    await settled();
    giveUp.abort();
  }
  for (const chunk of chunks.slice(middle)) peer.sendBytes(chunk);
  const sent = concat(chunks);
  const missing = missingBytes(sent);
  const rest = new Uint8Array(missing ?? 10);
  peer.sendBytes(rest);
  if (missing !== undefined) {
    const total = sent.length + rest.length;
    if (connections === 0) await transport.ready();
    await mustBecome("the client has read all", () => transport.stats().receivedBytes >= total);
    await settled();
    await mustSettle("a further call", echo());
    assertEquals(connections, 1, "The client has left a connection that is not broken");
    if (isHalfClosed) await peer.closeWrite();
    else peer.close();
  }
  await mustSettle("the calls end", outcomes);
  await mustSettle("the client ends its half", heard.end);
  // A call of which no byte was taken is made again on a new connection.
  await mustBecome(
    () => `the gauges come back: ${Deno.inspect(transport.stats())}`,
    () => transport.stats().connections < connections,
  );
  assertEquals((await mustSettle("a call on a new connection", echo())).text, PROBE);
  await transport.close();
  assertIdle(transport.stats());
}

/** Makes the calls of a recording; each resolves once it has ended, in whatever way. */
function callsOf(frames: readonly Frame[]): ((transport: Transport, signal: AbortSignal) => Promise<void>)[] {
  return frames.filter(({ type }) => type === FrameType.Request).map((request) => {
    const { service, method: name, payload, metadata } = decodeRequest(request.body);
    const method = methodOf(service, name);
    const upload = frames.filter(({ type, streamId }) =>
      type === FrameType.Data && streamId === request.streamId
    );
    return async (transport, signal) => {
      const messages = uploadOf(method, upload);
      const replies = callMethod(transport, method, fromBinary(method.input, payload), messages, {
        metadata,
        signal,
      });
      try {
        for await (const _ of replies);
      } catch (error) {
        assertInstanceOf(error, TtrpcError);
      }
    };
  });
}

async function* uploadOf(method: DescMethod, frames: readonly Frame[]): AsyncGenerator<Message> {
  for (const { flags, body } of frames) {
    if (!(flags & FrameFlag.NoData)) yield fromBinary(method.input, body);
    if (flags & FrameFlag.RemoteClosed) return;
  }
  // Goes on until the call has ended.
  await new Promise(() => {});
}

/** A method of the service, or one that there is not. */
function methodOf(service: string, name: string): DescMethod {
  const method = Interop.methods.find((one) => one.name === name) ?? { ...Interop.method.empty, name };
  return service === Interop.typeName ? method : { ...method, parent: { ...Interop, typeName: service } };
}

interface Heard {
  /** Resolves with the first frame. */
  first: Promise<void>;
  /** Resolves once no frame comes any more. */
  end: Promise<void>;
}

/** Takes what the client says, and answers its probe. */
function hear(peer: ScriptedPeer): Heard {
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const end = async () => {
    for (;;) {
      const frame = await peer.next().catch(() => undefined);
      if (frame === undefined) return;
      resolve();
      if (isProbe(frame)) peer.send(responseFrame(frame.streamId, PROBE_REPLY));
    }
  };
  return { first, end: end() };
}

const PROBE_REPLY = toBinary(EchoResponseSchema, create(EchoResponseSchema, { text: PROBE }));

function isProbe({ type, body }: Frame): boolean {
  if (type !== FrameType.Request) return false;
  const { method, payload } = decodeRequest(body);
  return method === Interop.method.echo.name && fromBinary(EchoRequestSchema, payload).text === PROBE;
}

/** A connection to a server with nothing wrong. */
function healthyServer(): Duplex {
  const [ours, theirs] = memoryDuplex();
  serveConnection(theirs, { routes: (router) => addServices(router, new HandlerCounts()) });
  return ours;
}
