import { DEFAULT_MAX_BODY_BYTES, MAX_BODY_BYTES } from "../wire/frame.ts";
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
   * How many bytes wait for the socket before streams pause, 1 or more.
   *
   * @default {1048576}
   */
  sendBufferBytes?: number;
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
  } = options;
  requireWhole("readMaxBytes", readMaxBytes, 0, MAX_BODY_BYTES);
  requireWhole("writeMaxBytes", writeMaxBytes, 1024, MAX_BODY_BYTES);
  requireWhole("sendBufferBytes", sendBufferBytes, 1, Number.MAX_SAFE_INTEGER);
  return { readMaxBytes, writeMaxBytes, sendBufferBytes };
}
