import { DEFAULT_MAX_BODY_BYTES, MAX_BODY_BYTES } from "../wire/frame.ts";
import { requireDuration } from "../rpc/require_duration.ts";
import { requireWhole } from "../wire/require_whole.ts";

/**
 * The limits of one connection.
 *
 * @example The same limits on both sides
 * ```ts
 * import { Code, type ConnectionOptions, createRouterTransport, TtrpcError } from "@ttrpc/ttrpc";
 * import { createGreeterClient } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const limits: ConnectionOptions = { readMaxBytes: 65_536, writeMaxBytes: 65_536 };
 * await using transport = createRouterTransport(() => {}, { transport: limits, server: limits });
 * const call = createGreeterClient(transport).hello({ name: "A".repeat(70_000) });
 * const { code, requestSent } = await assertRejects(() => call, TtrpcError);
 * assertEquals([code, requestSent], [Code.ResourceExhausted, false]);
 * ```
 */
export interface ConnectionOptions {
  /**
   * Largest body of a frame that is taken from the peer, in bytes, 0 to 16 777 215. A longer one fails its
   * call with {@linkcode Code.ResourceExhausted}, and nothing else.
   *
   * @default {4194304}
   */
  readMaxBytes?: number;
  /**
   * Largest body of a frame that is sent, in bytes, 1 024 to 16 777 215. A longer one fails its call with
   * {@linkcode Code.ResourceExhausted} before anything is sent.
   *
   * @default {4194304}
   */
  writeMaxBytes?: number;
  /**
   * How many bytes wait for the socket before messages and new calls wait too, 1 or more.
   *
   * @default {1048576}
   */
  sendBufferBytes?: number;
  /**
   * How many bytes of messages wait for the reader of one stream before the connection stops reading, 1 or
   * more. Each message counts 128 more than its length.
   *
   * @default {1048576}
   */
  streamBufferBytes?: number;
  /**
   * How many bytes of messages wait for all readers of a connection before it stops reading, 1 or more.
   *
   * @default {16777216}
   */
  connectionBufferBytes?: number;
  /**
   * Milliseconds for which a slow reader may hold up other open calls; then its stream fails with
   * {@linkcode Code.ResourceExhausted}, and the connection reads on.
   *
   * @default {1000}
   */
  stallTimeoutMs?: number;
  /**
   * Milliseconds for which a slow reader may hold up a connection on which no other call is known to be open.
   * On a server only: there, other requests may wait unseen. A client waits as long as its reader takes. While a
   * server waits, it does not see either that a call was given up or that the client is gone.
   *
   * @default {30000}
   */
  maxPauseMs?: number;
  /**
   * Milliseconds for which the peer may take no byte while senders wait for room, or the connection waits to
   * be closed; then it is lost.
   *
   * @default {60000}
   */
  writeStallTimeoutMs?: number;
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} If a limit is out of its range.
 */
export function resolveConnectionOptions(options: ConnectionOptions): Required<ConnectionOptions> {
  const {
    readMaxBytes = DEFAULT_MAX_BODY_BYTES,
    writeMaxBytes = DEFAULT_MAX_BODY_BYTES,
    sendBufferBytes = 1_048_576,
    streamBufferBytes = 1_048_576,
    connectionBufferBytes = 16_777_216,
    stallTimeoutMs = 1_000,
    maxPauseMs = 30_000,
    writeStallTimeoutMs = 60_000,
  } = options;
  requireWhole("readMaxBytes", readMaxBytes, 0, MAX_BODY_BYTES);
  requireWhole("writeMaxBytes", writeMaxBytes, 1024, MAX_BODY_BYTES);
  const bytes = { sendBufferBytes, streamBufferBytes, connectionBufferBytes };
  for (const [name, value] of Object.entries(bytes)) requireWhole(name, value, 1, Number.MAX_SAFE_INTEGER);
  const times = { stallTimeoutMs, maxPauseMs, writeStallTimeoutMs };
  for (const [name, value] of Object.entries(times)) requireDuration(name, value);
  return { readMaxBytes, writeMaxBytes, ...bytes, ...times };
}
