import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { resolveConnectionOptions } from "../connection/connection_options.ts";
import { LINGER_MS } from "../connection/connection.ts";
import { ConnectionSet } from "../connection/connection_set.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import type { MessageSource } from "../rpc/message_source.ts";
import { type MethodInfo, methodInfo } from "../rpc/method_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type CallHost, ClientCall } from "./client_call.ts";
import { ClientConnection, type ClientConnectionOptions } from "./client_connection.ts";
import { iterableOnce, ReplyStream } from "./reply_stream.ts";
import { SingleReply } from "./single_reply.ts";
import type { StreamingMethod, Transport, TransportOptions } from "./transport.ts";

type Open = (connection: ClientConnection) => void;

/** A transport that connects at its first call, shares the connection, and connects again once it is lost. */
export class ConnectingTransport implements Transport, CallHost {
  readonly #connect: () => Promise<Duplex>;
  readonly #options: ClientConnectionOptions;
  readonly defaultTimeoutMs: number;
  readonly #closed = Promise.withResolvers<void>();
  /** Calls that have begun and wait for their first message. */
  readonly #starting = new Set<ClientCall>();
  /** Calls that wait for the connection, each with what it does then. */
  readonly #waiting = new Map<ClientCall, Open>();
  readonly #connections = new ConnectionSet<ClientConnection>();
  #current: ClientConnection | undefined;
  #isConnecting = false;
  #isClosed = false;

  /** @throws {RangeError} If an option is out of its range. */
  constructor(connect: () => Promise<Duplex>, options: TransportOptions) {
    const { cancelNotice = true, defaultTimeoutMs = Infinity } = options;
    if (Number.isNaN(defaultTimeoutMs)) {
      throw new RangeError("Cannot use NaN as defaultTimeoutMs: not a number of milliseconds");
    }
    this.#connect = connect;
    this.#options = { ...resolveConnectionOptions(options), cancelNotice };
    this.defaultTimeoutMs = defaultTimeoutMs;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  unary<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    message: MessageInitShape<Input>,
    options: CallOptions = {},
  ): Promise<MessageShape<Output>> {
    const info = methodInfo(method);
    const reply = new Promise<MessageShape<DescMessage>>((resolve, reject) => {
      const call = new ClientCall(info, options, this, new SingleReply(info, resolve, reject));
      if (call.begin()) this.#open(call, (connection) => call.openWith(connection, message));
    });
    return reply as Promise<MessageShape<Output>>;
  }

  stream<Input extends DescMessage, Output extends DescMessage>(
    method: StreamingMethod<Input, Output>,
    messages: MessageSource<MessageInitShape<Input>>,
    options: CallOptions = {},
  ): AsyncIterable<MessageShape<Output>> {
    const info = methodInfo(method);
    const replies = new ReplyStream(info, options, this, (call) => {
      if (info.sendsStream) this.#open(call, (connection) => call.openAndUpload(connection, messages));
      else this.#openWithFirst(call, info, messages);
    });
    return iterableOnce(replies) as AsyncIterable<MessageShape<Output>>;
  }

  stats(): ConnectionStats {
    const { openCalls, lateFrames } = this.#connections.stats();
    return { openCalls: openCalls + this.#starting.size + this.#waiting.size, lateFrames };
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
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
    messages: MessageSource<MessageInitShape<DescMessage>>,
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
