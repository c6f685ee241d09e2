import type {
  DescMessage,
  DescMethodUnary,
  Message,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { resolveConnectionOptions } from "../connection/connection_options.ts";
import { LINGER_MS } from "../connection/connection.ts";
import { ConnectionSet } from "../connection/connection_set.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
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
import type { StreamingMethod } from "../rpc/streaming_method.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { CallGuard } from "./call_guard.ts";
import { type CallHost, ClientCall, type WatchedCallOptions } from "./client_call.ts";
import { ClientConnection, type ClientConnectionOptions } from "./client_connection.ts";
import { type InterceptedTransport, interceptStream, interceptUnary } from "./intercept_call.ts";
import { iterableOnce, ReplyStream } from "./reply_stream.ts";
import { SingleReply } from "./single_reply.ts";
import type { Transport, TransportOptions } from "./transport.ts";

type Request = MessageInitShape<DescMessage>;
type Open = (connection: ClientConnection) => void;

/** A transport that connects at its first call, shares the connection, and connects again once it is lost. */
export class ConnectingTransport implements Transport, CallHost, InterceptedTransport {
  readonly #connect: () => Promise<Duplex>;
  readonly #options: ClientConnectionOptions;
  readonly defaultTimeoutMs: number;
  readonly interceptors: readonly Interceptor[];
  readonly #closed = Promise.withResolvers<void>();
  /** Calls that have begun and wait for their first message. */
  readonly #starting = new Set<ClientCall>();
  /** Calls that have begun, of which each passes interceptors. */
  readonly #guards = new Set<CallGuard>();
  /** Calls that wait for the connection, each with what it does then. */
  readonly #waiting = new Map<ClientCall, Open>();
  readonly #connections = new ConnectionSet<ClientConnection>();
  #current: ClientConnection | undefined;
  #isConnecting = false;
  #isClosed = false;

  /** @throws {RangeError} If an option is out of its range. */
  constructor(connect: () => Promise<Duplex>, options: TransportOptions) {
    const { cancelNotice = true, defaultTimeoutMs = Infinity, interceptors = [] } = options;
    if (Number.isNaN(defaultTimeoutMs)) {
      throw new RangeError("Cannot use NaN as defaultTimeoutMs: not a number of milliseconds");
    }
    this.#connect = connect;
    this.#options = { ...resolveConnectionOptions(options), cancelNotice };
    this.defaultTimeoutMs = defaultTimeoutMs;
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

  stats(): ConnectionStats {
    const { openCalls, lateFrames } = this.#connections.stats();
    const held = [...this.#guards].filter(({ isHeld }) => isHeld);
    return { openCalls: openCalls + this.#starting.size + this.#waiting.size + held.length, lateFrames };
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      for (const guard of this.#guards) guard.abandon(closedError());
      for (const call of [...this.#starting, ...this.#waiting.keys()]) call.abandon(closedError());
      for (const connection of this.#connections) connection.abandonAll(closedError());
      await Promise.all(Array.from(this.#connections, (connection) => connection.close(LINGER_MS)));
      this.#closed.resolve();
    }
    return this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  callEnded(call: ClientCall): void {
    this.#starting.delete(call);
    this.#waiting.delete(call);
  }

  #unary(method: DescMethodUnary, message: Request, options: WatchedCallOptions): Promise<Message> {
    const info = methodInfo(method);
    return new Promise((resolve, reject) => {
      const call = new ClientCall(info, options, this, new SingleReply(info, resolve, reject));
      if (call.begin()) this.#open(call, (connection) => call.openWith(connection, message));
    });
  }

  #stream(
    method: StreamingMethod,
    messages: MessageSource<Request>,
    options: WatchedCallOptions,
  ): ReplyStream {
    const info = methodInfo(method);
    return new ReplyStream(info, options, this, (call) => {
      if (info.sendsStream) this.#open(call, (connection) => call.openAndUpload(connection, messages));
      else this.#openWithFirst(call, info, messages);
    });
  }

  /** Opens a call on the connection, now or as soon as there is one. */
  #open(call: ClientCall, open: Open): void {
    if (this.#isClosed) return call.abandon(closedError());
    if (this.#current?.isUsable) return open(this.#current);
    this.#waiting.set(call, open);
    if (!this.#isConnecting) this.#connectForAll();
  }

  /** Opens a call with the first of some messages, as soon as that is there. */
  async #openWithFirst(
    call: ClientCall,
    info: MethodInfo,
    messages: MessageSource<Request>,
  ): Promise<void> {
    this.#starting.add(call);
    try {
      for await (const message of messages) {
        this.#starting.delete(call);
        if (!call.isEnded) this.#open(call, (connection) => call.openWith(connection, message));
        return;
      }
      const { name } = info.method;
      call.abandon(new TtrpcError(`Cannot call ${name}: no request was given`, Code.InvalidArgument));
    } catch (reason) {
      call.abandon(TtrpcError.from(reason, Code.Canceled));
    }
  }

  /** Makes the one connection that all waiting calls share. */
  async #connectForAll(): Promise<void> {
    this.#isConnecting = true;
    try {
      const connection = this.#takeOver(await this.#connect());
      this.#isConnecting = false;
      for (const [call, open] of this.#takeWaiting()) {
        if (connection.isUsable) open(connection);
        else call.fail(new TtrpcError("Connection closed by the server", Code.Unavailable));
      }
    } catch (cause) {
      this.#isConnecting = false;
      const error = TtrpcError.from(cause, Code.Unavailable);
      for (const [call] of this.#takeWaiting()) call.fail(error);
    }
  }

  #takeOver(duplex: Duplex): ClientConnection {
    if (this.#isClosed) {
      duplex.close();
      throw closedError();
    }
    const connection = new ClientConnection(duplex, this.#options);
    this.#current = connection;
    this.#connections.add(connection);
    return connection;
  }

  #takeWaiting(): [ClientCall, Open][] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }
}

function closedError(): TtrpcError {
  return new TtrpcError("The transport is closed", Code.Canceled, { requestSent: false });
}
