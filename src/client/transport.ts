import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { BackoffOptions } from "./backoff.ts";
import type { TransportState } from "./connection_source.ts";
import type { PingOptions } from "./heartbeat.ts";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import type { MessageSource } from "../rpc/message_source.ts";
import type { StreamingMethod } from "../rpc/streaming_method.ts";

/**
 * Carries the calls of clients to a server. Disposing of it closes it.
 *
 * @example A call without a client
 * ```ts
 * import { createRouterTransport, type Transport } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * async function hello(transport: Transport, name: string): Promise<string> {
 *   return (await transport.unary(Greeter.method.hello, { name })).text;
 * }
 *
 * await using transport = createRouterTransport((router) =>
 *   router.rpc(Greeter.method.hello, ({ name }) => ({ text: `Hello, ${name}` }))
 * );
 * assertEquals(await hello(transport, "Ada"), "Hello, Ada");
 * ```
 */
export interface Transport extends AsyncDisposable {
  /**
   * Calls a unary method.
   *
   * @throws {TtrpcError} If the call fails, as a rejection.
   * @throws {RangeError} If `timeoutMs` is NaN, as a rejection.
   */
  unary<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    message: MessageInitShape<Input>,
    options?: CallOptions,
  ): Promise<MessageShape<Output>>;
  /**
   * Calls a streaming method. The call begins when the first reply is asked for, and its replies can be
   * iterated once; leaving the loop gives the call up.
   *
   * @param messages What the client sends; of a server-streaming method the first message counts.
   * @returns The replies: of a client-streaming method exactly one. Iterating over them rejects with a
   * {@linkcode TtrpcError} if the call fails.
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  stream<Input extends DescMessage, Output extends DescMessage>(
    method: StreamingMethod<Input, Output>,
    messages: MessageSource<MessageInitShape<Input>>,
    options?: CallOptions,
  ): AsyncIterable<MessageShape<Output>>;
  /**
   * Connects, unless a connection is up, and waits for it however often attempts fail.
   *
   * @throws {TtrpcError} With code 4 or 1 if that takes longer than the options allow, as a rejection.
   */
  ready(options?: WaitOptions): Promise<void>;
  /**
   * Asks the server for a sign of life: anything that it sends, be it about another call, is one. Connects
   * first, unless a connection is up. Servers older than Go's ttrpc 1.2 never answer (PROTOCOL.md K2), and
   * nothing is seen of one while a slow reader pauses the connection (B3).
   *
   * @throws {TtrpcError} With code 4 or 1 if none comes in the time that the options allow, 14 if the
   * connection is lost, as a rejection.
   */
  ping(options?: WaitOptions): Promise<void>;
  /** The counters of its connections. */
  stats(): ConnectionStats;
  /**
   * Fails open calls with {@linkcode Code.Canceled} and closes the connection. Does nothing the second time.
   */
  close(): Promise<void>;
  /** Resolves once the transport was closed, and its connection with it; never rejects. */
  readonly closed: Promise<void>;
}

/**
 * Options for {@linkcode Transport.ready} and {@linkcode Transport.ping}.
 *
 * @example A server that may still be starting
 * ```ts
 * import { createTransport, TtrpcError, type WaitOptions } from "@ttrpc/ttrpc";
 * import { assertRejects } from "@std/assert";
 *
 * await using transport = createTransport({ connect: () => Promise.reject(new Error("Nobody there")) });
 * const options: WaitOptions = { timeoutMs: 20 };
 * await assertRejects(() => transport.ready(options), TtrpcError, "context deadline exceeded");
 * ```
 */
export type WaitOptions = Pick<CallOptions, "signal" | "timeoutMs">;

/**
 * Options for a transport, wherever its connections come from.
 *
 * @example A deadline for calls that give none
 * ```ts
 * import { Code, createRouterTransport, type TransportOptions, TtrpcError } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const options: TransportOptions = { defaultTimeoutMs: 10 };
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => new Promise(() => {}) }),
 *   { transport: options },
 * );
 * const error = await assertRejects(() => createGreeterClient(transport).hello({}), TtrpcError);
 * assertEquals(error.code, Code.DeadlineExceeded);
 * ```
 */
export interface TransportOptions extends ConnectionOptions {
  /**
   * See and may change every call of this transport; the first of them sees a call first.
   *
   * @default {[]}
   */
  interceptors?: readonly Interceptor[];
  /**
   * `timeoutMs` of calls that give none.
   *
   * @default {Infinity}
   */
  defaultTimeoutMs?: number;
  /**
   * Whether to tell the server of calls that were given up. Servers that do not know the notice ignore it
   * (PROTOCOL.md X2).
   *
   * @default {true}
   */
  cancelNotice?: boolean;
  /**
   * `waitForReady` of calls that give none.
   *
   * @default {false}
   */
  waitForReady?: boolean;
  /**
   * Milliseconds that an attempt to connect may take before it has failed, 0 or more, or Infinity.
   *
   * @default {20000} To a unix socket Infinity: it is there at once or not at all.
   */
  connectTimeoutMs?: number;
  /**
   * How long to wait between attempts to connect that fail. Meanwhile calls fail at once, or wait for the
   * next attempt, as their `waitForReady` says. After a connection was lost the next call connects at once.
   *
   * An attempt that fails with another code than {@linkcode Code.Unavailable}, such as one that a permission
   * is missing for, fails those too that wait: the next one would be no better.
   *
   * @default {{}}
   */
  backoff?: BackoffOptions;
  /**
   * Pings the server while calls are open, and gives up a connection whose server is silent. No default: a
   * server may take its time, and a socket that is closed says so by itself.
   */
  ping?: PingOptions;
  /** Told of each change of {@linkcode TransportState}, in a turn of its own. */
  onStateChange?: (state: TransportState) => void;
}
