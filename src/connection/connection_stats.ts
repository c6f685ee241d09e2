import { Code } from "../rpc/code.ts";

/**
 * Counters of one connection, or of all connections of a transport or server together.
 *
 * The first four are gauges, which come back to 0; the others only rise.
 *
 * @example Calls that run
 * ```ts
 * import { type ConnectionStats, createRouterTransport } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) })
 * );
 * const call = createGreeterClient(transport).hello({ name: "Ada" });
 * const during: ConnectionStats = transport.stats();
 * await call;
 * assertEquals([during.openCalls, transport.stats().openCalls], [1, 0]);
 * ```
 */
export interface ConnectionStats {
  /** Connections that are open. */
  connections: number;
  /** Calls that have begun and not ended; on a server also those whose last byte has not been taken yet. */
  openCalls: number;
  /** Handlers that have not settled; always 0 on a client. */
  runningHandlers: number;
  /** Bytes that wait to be taken by the peer, or by the readers of streams. */
  queuedBytes: number;
  /**
   * How many calls have ended with each code, 0 for success. A server counts those that it refuses too, a
   * transport those that had no connection. Codes without a name count as {@linkcode Code.Unknown}: else a
   * peer could have any number of them kept.
   */
  callsByCode: Map<Code, number>;
  /** Bytes that came. */
  receivedBytes: number;
  /** Bytes that the peer has taken, as far as the {@linkcode Duplex} knows. */
  sentBytes: number;
  /** Frames that came. */
  receivedFrames: number;
  /** Frames that were sent, and went out unless the connection was lost first. */
  sentFrames: number;
  /** Frames that were dropped because their call had ended, or was never opened. */
  lateFrames: number;
  /** Frames that broke the protocol, and connections that ended inside one. */
  protocolErrors: number;
}

/** Counters at their beginning. */
export function noStats(): ConnectionStats {
  return {
    connections: 0,
    openCalls: 0,
    runningHandlers: 0,
    queuedBytes: 0,
    callsByCode: new Map(),
    receivedBytes: 0,
    sentBytes: 0,
    receivedFrames: 0,
    sentFrames: 0,
    lateFrames: 0,
    protocolErrors: 0,
  };
}

/** Adds counters to a total. */
export function addStats(total: ConnectionStats, { callsByCode, ...numbers }: ConnectionStats): void {
  for (const [code, calls] of callsByCode) countCall(total.callsByCode, code, calls);
  total.connections += numbers.connections;
  total.openCalls += numbers.openCalls;
  total.runningHandlers += numbers.runningHandlers;
  total.queuedBytes += numbers.queuedBytes;
  total.receivedBytes += numbers.receivedBytes;
  total.sentBytes += numbers.sentBytes;
  total.receivedFrames += numbers.receivedFrames;
  total.sentFrames += numbers.sentFrames;
  total.lateFrames += numbers.lateFrames;
  total.protocolErrors += numbers.protocolErrors;
}

/** Counts calls that have ended with a code. */
export function countCall(callsByCode: ConnectionStats["callsByCode"], code: Code, calls = 1): void {
  const counted = code in Code ? code : Code.Unknown;
  callsByCode.set(counted, (callsByCode.get(counted) ?? 0) + calls);
}
