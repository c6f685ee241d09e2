import type {
  DescMessage,
  DescMethodUnary,
  Message,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { resolveConnectionOptions } from "../connection/connection_options.ts";
import { type ConnectionStats, countCall } from "../connection/connection_stats.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import type {
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "../rpc/interceptor.ts";
import { justOne, type MessageSource, onlyMessage } from "../rpc/message_source.ts";
import { type MethodInfo, methodInfo } from "../rpc/method_info.ts";
import { requireDuration, requireTimeout } from "../rpc/require_duration.ts";
import type { StreamingMethod } from "../rpc/streaming_method.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { Backoff } from "./backoff.ts";
import type { CallGuard } from "./call_guard.ts";
import { type CallHost, ClientCall, type WatchedCallOptions } from "./client_call.ts";
import type { Connect } from "./connect_within.ts";
import { closedError, ConnectionSource } from "./connection_source.ts";
import { type ConnectionUse, waitForConnection } from "./connection_wait.ts";
import { resolvePing } from "./heartbeat.ts";
import { type InterceptedTransport, interceptStream, interceptUnary } from "./intercept_call.ts";
import { iterableOnce, ReplyStream } from "./reply_stream.ts";
import { SingleReply } from "./single_reply.ts";
import type { Transport, TransportOptions, WaitOptions } from "./transport.ts";

type Request = MessageInitShape<DescMessage>;

/** A transport that connects at its first call, shares the connection, and connects again once it is lost. */
export class ConnectingTransport implements Transport, CallHost, InterceptedTransport {
  readonly defaultTimeoutMs: number;
  readonly waitForReady: boolean;
  readonly interceptors: readonly Interceptor[];
  readonly #source: ConnectionSource;
  readonly #closed = Promise.withResolvers<void>();
  /** Calls that have begun and wait for their first message. */
  readonly #starting = new Set<ClientCall>();
  /** Calls that have begun, of which each passes interceptors. */
  readonly #guards = new Set<CallGuard>();
  readonly #callsByCode: ConnectionStats["callsByCode"] = new Map();
  #openCalls = 0;
  #isClosed = false;

  /** @throws {RangeError} If an option is out of its range. */
  constructor(connect: Connect, options: TransportOptions) {
    const { defaultTimeoutMs = Infinity, interceptors = [], waitForReady = false } = options;
    const { cancelNotice = true, connectTimeoutMs = 20_000, ping, onStateChange = () => {} } = options;
    requireTimeout("defaultTimeoutMs", defaultTimeoutMs);
    requireDuration("connectTimeoutMs", connectTimeoutMs);
    const backoff = new Backoff(options.backoff);
    this.#source = new ConnectionSource(connect, {
      ...resolveConnectionOptions(options),
      cancelNotice,
      connectTimeoutMs,
      ping: ping && resolvePing(ping),
      backoff,
      onStateChange,
    });
    this.defaultTimeoutMs = defaultTimeoutMs;
    this.waitForReady = waitForReady;
    this.interceptors = [...interceptors];
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  unary<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    message: MessageInitShape<Input>,
    options: CallOptions = {},
  ): Promise<MessageShape<Output>> {
    const reply = this.interceptors.length === 0
      ? this.#unary(method, message, options)
      : interceptUnary(this, method, message, options);
    return reply as Promise<MessageShape<Output>>;
  }

  stream<Input extends DescMessage, Output extends DescMessage>(
    method: StreamingMethod<Input, Output>,
    messages: MessageSource<MessageInitShape<Input>>,
    options: CallOptions = {},
  ): AsyncIterable<MessageShape<Output>> {
    const replies = this.interceptors.length === 0
      ? this.#stream(method, messages, options)
      : interceptStream(this, method, messages, options);
    return iterableOnce(replies) as AsyncIterable<MessageShape<Output>>;
  }

  enter(guard: CallGuard): void {
    if (this.#isClosed) throw closedError();
    this.#guards.add(guard);
  }

  leave(guard: CallGuard): void {
    this.#guards.delete(guard);
  }

  async carry(
    request: UnaryRequest | StreamRequest,
    options: WatchedCallOptions,
  ): Promise<UnaryResponse | StreamResponse> {
    if (!request.stream) {
      return { stream: false, message: await this.#unary(request.method, request.message, options) };
    }
    const replies = this.#stream(request.method, request.message, options);
    if (request.method.methodKind !== "client_streaming") return { stream: true, message: replies };
    return { stream: true, message: justOne(await onlyMessage(replies)) };
  }

  async ready(options: WaitOptions = {}): Promise<void> {
    await this.#wait(options, (_connection, done) => {
      done();
      return () => {};
    });
  }

  async ping(options: WaitOptions = {}): Promise<void> {
    await this.#wait(options, (connection, done) => connection.ping(done));
  }

  stats(): ConnectionStats {
    const held = [...this.#guards].filter(({ isHeld }) => isHeld).length;
    return {
      ...this.#source.stats(),
      openCalls: this.#openCalls + held,
      callsByCode: new Map(this.#callsByCode),
    };
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      for (const guard of this.#guards) guard.abandon(closedError());
      for (const call of this.#starting) call.abandon(closedError());
      await this.#source.close();
      this.#closed.resolve();
    }
    return this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get connectError(): TtrpcError | undefined {
    return this.#source.connectError;
  }

  submit(call: ClientCall): void {
    this.#source.submit(call);
  }

  callBegan(): void {
    this.#openCalls++;
  }

  callEnded(call: ClientCall, code: Code): void {
    this.#openCalls--;
    countCall(this.#callsByCode, code);
    this.#starting.delete(call);
    this.#source.withdraw(call);
  }

  #wait(options: WaitOptions, use: ConnectionUse): Promise<void> {
    return waitForConnection(this.#source, options, this.defaultTimeoutMs, use);
  }

  #unary(method: DescMethodUnary, message: Request, options: WatchedCallOptions): Promise<Message> {
    const info = methodInfo(method);
    return new Promise((resolve, reject) => {
      const call = new ClientCall(info, options, this, new SingleReply(info, resolve, reject));
      if (call.begin()) call.submit((connection) => call.openWith(connection, message));
    });
  }

  #stream(
    method: StreamingMethod,
    messages: MessageSource<Request>,
    options: WatchedCallOptions,
  ): ReplyStream {
    const info = methodInfo(method);
    return new ReplyStream(info, options, this, (call) => {
      if (info.sendsStream) call.submit((connection) => call.openAndUpload(connection, messages));
      else this.#submitFirst(call, info, messages);
    });
  }

  /** Submits a call with the first of some messages, as soon as that is there. */
  async #submitFirst(call: ClientCall, info: MethodInfo, messages: MessageSource<Request>): Promise<void> {
    this.#starting.add(call);
    try {
      for await (const message of messages) {
        this.#starting.delete(call);
        call.submit((connection) => call.openWith(connection, message));
        return;
      }
      const { name } = info.method;
      call.abandon(new TtrpcError(`Cannot call ${name}: no request was given`, Code.InvalidArgument));
    } catch (reason) {
      call.abandon(TtrpcError.from(reason, Code.Canceled));
    }
  }
}
