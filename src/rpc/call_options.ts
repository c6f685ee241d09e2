import type { ContextValues } from "./context_values.ts";
import type { MetadataInit } from "./metadata.ts";

/**
 * Options for one call.
 *
 * @example Half a second, and a word to the server
 * ```ts
 * import { type CallOptions, createRouterTransport } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: (_, { metadata }) => ({ text: metadata.get("language") }) })
 * );
 * const options: CallOptions = { timeoutMs: 500, metadata: { language: "fr" } };
 * assertEquals((await createGreeterClient(transport).hello({}, options)).text, "fr");
 * ```
 */
export interface CallOptions {
  /**
   * Gives the call up when it aborts: the call fails at once, with {@linkcode Code.Canceled} and the signal's
   * reason as the `cause`, or with the reason itself if that is a {@linkcode TtrpcError}.
   */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the call fails with {@linkcode Code.DeadlineExceeded}, counted from the moment
   * the method is called. The server is told what is left. 0 or less: fails at once, and nothing is sent. NaN
   * throws a `RangeError`. A call that gives none has {@linkcode TransportOptions.defaultTimeoutMs}.
   */
  timeoutMs?: number | undefined;
  /**
   * Sent along with the request.
   *
   * @default {[]}
   */
  metadata?: MetadataInit | undefined;
  /**
   * Whether the call waits for the server, under its deadline, when no connection can be made; else it fails
   * at once with {@linkcode Code.Unavailable}. A call that gives none has
   * {@linkcode TransportOptions.waitForReady}.
   */
  waitForReady?: boolean | undefined;
  /**
   * What the interceptors of the transport are told of the call; never sent.
   *
   * @default {createContextValues()}
   */
  contextValues?: ContextValues | undefined;
}
