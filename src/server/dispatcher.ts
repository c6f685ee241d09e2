import type { DescMethod } from "@bufbuild/protobuf";
import { Connection, type ConnectionHandler, LINGER_MS } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { overLimit } from "../connection/message_limit.ts";
import { StreamTable } from "../connection/stream_table.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameError, FrameType } from "../wire/frame.ts";
import { decodeRequest, type RequestEnvelope } from "../wire/request_envelope.ts";
import { decodeCancelNotice } from "./cancel_notice.ts";
import { CallContext } from "./handler_context.ts";
import { interceptRoute } from "./intercept_route.ts";
import type { RouteTable } from "./route_table.ts";
import { sendStatus } from "./send_status.ts";
import type { ServeConnectionOptions } from "./serve_connection.ts";
import type { ServedConnection, ShutdownOptions } from "./served_connection.ts";
import { type CallHost, ServerCall } from "./server_call.ts";

/** Options for {@linkcode Dispatcher}, complete. */
export type DispatcherOptions =
  & Required<ConnectionOptions>
  & Required<Pick<ServeConnectionOptions, "interceptors" | "onError">>;

/** Turns the frames of one connection into calls of handlers (PROTOCOL.md S1 to S14). */
export class Dispatcher implements ServedConnection, ConnectionHandler, CallHost {
  readonly #routes: RouteTable;
  readonly #remote: RemoteInfo;
  readonly #options: DispatcherOptions;
  readonly #connection: Connection;
  readonly #calls = new StreamTable<ServerCall>();
  #lastId = 0;
  #lateFrames = 0;
  #isDraining = false;

  /** Begins to serve. */
  constructor(duplex: Duplex, routes: RouteTable, options: DispatcherOptions) {
    this.#routes = routes;
    this.#remote = duplex.remote ?? { address: "unknown" };
    this.#options = options;
    this.#connection = new Connection(duplex, options, this);
    // A client that asks and never reads must not fill the memory with answers (PROTOCOL.md S14).
    this.#connection.start(() => this.writer.room());
    this.closed.then(() => this.#abandonAll());
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  get writer(): WriterPipe {
    return this.#connection.writer;
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    const { graceMs = 10_000 } = options;
    const forget = Deadline.afterMs(graceMs)?.onPassed(() => this.#failAll());
    this.#isDraining = true;
    if (forget !== undefined) this.closed.then(forget);
    this.#closeWhenIdle();
    return this.closed;
  }

  stats(): ConnectionStats {
    return { openCalls: this.#calls.size, lateFrames: this.#lateFrames };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#isDraining ? this.closed : this.shutdown();
  }

  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    if (!this.#isClientId(streamId)) return;
    if (type === FrameType.Request) {
      if (this.#useUp(streamId)) this.#request(streamId, flags, body);
    } else if (type === FrameType.Data) {
      this.#callOf(streamId)?.data(flags, body, isOwned);
    } else if (type === FrameType.Response) {
      const notice = decodeCancelNotice(body);
      if (notice !== undefined) this.#calls.get(streamId)?.abandon(notice);
    }
  }

  oversize(streamId: number, type: number, _flags: number, length: number): void {
    if (!this.#isClientId(streamId)) return;
    const error = overLimit(length, this.#options.readMaxBytes);
    if (type === FrameType.Request) {
      if (this.#useUp(streamId)) sendStatus(this.writer, streamId, error);
    } else if (type === FrameType.Data) {
      this.#callOf(streamId)?.fail(error);
    }
  }

  readEnded(error?: TtrpcError): void {
    if (error !== undefined && (this.#calls.size > 0 || error.cause instanceof FrameError)) {
      this.#report(error);
    }
    const reason = error ?? new TtrpcError("Connection closed by the client", Code.Unavailable);
    for (const call of this.#calls.snapshot()) call.clientLeft(reason);
    this.#closeWhenIdle();
  }

  writeFailed(error: TtrpcError): void {
    this.#connection.fail(error);
  }

  callEnded(call: ServerCall): void {
    this.#calls.remove(call.streamId);
    this.#closeWhenIdle();
  }

  callFailed(reason: unknown, method: DescMethod): void {
    this.#report(reason, method);
  }

  #request(streamId: number, flags: number, body: Uint8Array): void {
    const refuse = (error: TtrpcError) => {
      this.#report(error);
      sendStatus(this.writer, streamId, error);
    };
    let request: RequestEnvelope;
    try {
      request = decodeRequest(body);
    } catch (cause) {
      const message = `unmarshal request error: ${TtrpcError.from(cause).rawMessage}`;
      return refuse(new TtrpcError(message, Code.InvalidArgument, { cause }));
    }
    if (this.#isDraining) return sendStatus(this.writer, streamId, shuttingDown());
    const { service, method } = request;
    const route = this.#routes.find(service, method);
    if (route === "service") return refuse(new TtrpcError(`service ${service}`, Code.Unimplemented));
    if (route === "method") return refuse(new TtrpcError(`method ${method}`, Code.Unimplemented));
    const deadline = Deadline.afterNanos(request.timeoutNanos);
    const context = new CallContext(route.info.method, this.#remote, deadline, request.metadata);
    const call = new ServerCall(streamId, this, interceptRoute(route, this.#options.interceptors), context);
    this.#calls.add(streamId, call);
    call.start(flags, request.payload, deadline);
  }

  /** Whether an id is a client's; the answer to any other one is what liveness probes wait for. */
  #isClientId(streamId: number): boolean {
    if (streamId % 2 === 1) return true;
    const message = "StreamID must be odd for client initiated streams";
    sendStatus(this.writer, streamId, new TtrpcError(message, Code.InvalidArgument));
    return false;
  }

  /** Takes the id of a Request, whatever becomes of it. */
  #useUp(streamId: number): boolean {
    if (streamId > this.#lastId) {
      this.#lastId = streamId;
      return true;
    }
    const message = "StreamID cannot be re-used and must increment";
    sendStatus(this.writer, streamId, new TtrpcError(message, Code.InvalidArgument));
    return false;
  }

  /** The call that takes a Data frame. */
  #callOf(streamId: number): ServerCall | undefined {
    if (streamId > this.#lastId) {
      const message = "StreamID is no longer active";
      sendStatus(this.writer, streamId, new TtrpcError(message, Code.InvalidArgument));
      return undefined;
    }
    const call = this.#calls.get(streamId);
    if (call !== undefined && !call.isInputEnded) return call;
    this.#lateFrames++;
    return undefined;
  }

  #closeWhenIdle(): void {
    if (this.#calls.size > 0) return;
    if (this.#isDraining || !this.#connection.isReadable) this.#connection.close();
  }

  #failAll(): void {
    const error = shuttingDown();
    for (const call of this.#calls.snapshot()) call.fail(error);
    this.#connection.close(LINGER_MS);
  }

  #abandonAll(): void {
    const error = new TtrpcError("Connection closed", Code.Unavailable);
    for (const call of this.#calls.snapshot()) call.abandon(error);
  }

  #report(error: unknown, method?: DescMethod): void {
    const context = { remote: this.#remote, ...(method && { method }) };
    // In a turn of its own: what it throws, or rejects with, must end neither the connection nor the process.
    Promise.resolve().then(() => this.#options.onError(error, context)).catch(console.error);
  }
}

function shuttingDown(): TtrpcError {
  return new TtrpcError("Server is shutting down", Code.Unavailable);
}
