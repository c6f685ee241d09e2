import type { DescMethod } from "@bufbuild/protobuf";
import { Connection, type ConnectionHandler, LINGER_MS } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import { type ConnectionStats, countCall, noStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { type RemoteInfo, UNKNOWN_REMOTE } from "../rpc/remote_info.ts";
import { overLimit } from "../connection/message_limit.ts";
import type { ReceiveFlow } from "../connection/receive_flow.ts";
import { StreamTable } from "../connection/stream_table.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { callBack } from "../rpc/call_back.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { requireDuration } from "../rpc/require_duration.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameError, FrameType } from "../wire/frame.ts";
import { isMostOf } from "../wire/payload_field.ts";
import { decodeRequestAfter, type RequestEnvelope } from "../wire/request_envelope.ts";
import { decodeCancelNotice } from "./cancel_notice.ts";
import { CallPlaces } from "./call_places.ts";
import { CallContext } from "./handler_context.ts";
import { interceptRoute } from "./intercept_route.ts";
import type { Route, RouteTable } from "./route_table.ts";
import { sendStatus } from "./send_status.ts";
import type { ServeConnectionOptions } from "./serve_connection.ts";
import type { ServedConnection, ShutdownOptions } from "./served_connection.ts";
import { type CallHost, ServerCall } from "./server_call.ts";
import { StreamIds } from "./stream_ids.ts";

/** Options for {@linkcode Dispatcher}, complete. */
export type DispatcherOptions =
  & Required<ConnectionOptions>
  & Required<
    Pick<ServeConnectionOptions, "interceptors" | "onError" | "maxConcurrentStreams" | "outOfOrderIds">
  >;

/** Turns the frames of one connection into calls of handlers (PROTOCOL.md S1 to S17). */
export class Dispatcher implements ServedConnection, ConnectionHandler, CallHost {
  readonly #routes: RouteTable;
  readonly #remote: RemoteInfo;
  readonly #options: DispatcherOptions;
  readonly #connection: Connection;
  readonly #calls = new StreamTable<ServerCall>();
  readonly #ids: StreamIds;
  readonly #places: CallPlaces;
  readonly #stats = noStats();
  #isDraining = false;

  /** Begins to serve. */
  constructor(duplex: Duplex, routes: RouteTable, options: DispatcherOptions) {
    this.#routes = routes;
    this.#remote = duplex.remote ?? UNKNOWN_REMOTE;
    this.#options = options;
    this.#ids = new StreamIds(options.outOfOrderIds);
    this.#connection = new Connection(duplex, options, this);
    this.#places = new CallPlaces(options.maxConcurrentStreams, this.writer);
    // A client that asks and never reads must not fill the memory with answers (PROTOCOL.md S14).
    this.#connection.start({ answersFrames: true });
    this.closed.then(() => this.#abandonAll());
  }

  get openCalls(): number {
    return this.#calls.size;
  }

  get flow(): ReceiveFlow {
    return this.#connection.flow;
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  get writer(): WriterPipe {
    return this.#connection.writer;
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    const { graceMs = 10_000 } = options;
    requireDuration("graceMs", graceMs);
    const forget = Deadline.afterMs(graceMs)?.onPassed(() => this.#failAll());
    this.#isDraining = true;
    if (forget !== undefined) this.closed.then(forget);
    this.#closeWhenIdle();
    return this.closed;
  }

  stats(): ConnectionStats {
    const openCalls = this.#calls.size + this.#places.unwritten;
    return this.#connection.addTo({ ...this.#stats, openCalls });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#isDraining ? this.closed : this.shutdown();
  }

  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    this.#stats.receivedFrames++;
    if (!this.#isClientId(streamId)) return;
    if (type === FrameType.Request) {
      if (this.#useUp(streamId)) this.#request(streamId, flags, body, isOwned);
    } else if (type === FrameType.Data) {
      this.#callOf(streamId)?.data(flags, body, isOwned);
    } else if (type === FrameType.Response) {
      const notice = decodeCancelNotice(body);
      if (notice !== undefined) this.#calls.get(streamId)?.abandon(notice);
    }
  }

  oversize(streamId: number, type: number, _flags: number, length: number): void {
    this.#stats.receivedFrames++;
    if (!this.#isClientId(streamId)) return;
    const error = overLimit(length, this.#options.readMaxBytes);
    if (type === FrameType.Request) {
      if (this.#useUp(streamId)) this.#refuseCall(streamId, error);
    } else if (type === FrameType.Data) {
      this.#callOf(streamId)?.fail(error);
    }
  }

  readEnded(error?: TtrpcError): void {
    if (error?.cause instanceof FrameError) this.#stats.protocolErrors++;
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

  callEnded(call: ServerCall, code: Code): void {
    countCall(this.#stats.callsByCode, code);
    this.#calls.remove(call.streamId);
    this.flow.callsChanged();
    this.#closeWhenIdle();
  }

  handlerStarted(): void {
    this.#stats.runningHandlers++;
  }

  handlerSettled(): void {
    this.#stats.runningHandlers--;
  }

  leavePlace(hasAnswer: boolean): void {
    this.#places.leave(hasAnswer);
  }

  callFailed(reason: unknown, method: DescMethod): void {
    this.#report(reason, method);
  }

  #request(streamId: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    const refuse = (error: TtrpcError) => {
      this.#report(error);
      this.#refuseCall(streamId, error);
    };
    const likely = this.#routes.likely(body);
    let request: RequestEnvelope;
    try {
      request = decodeRequestAfter(likely?.info.requestHead, body);
    } catch (cause) {
      this.#stats.protocolErrors++;
      const message = `unmarshal request error: ${TtrpcError.from(cause).rawMessage}`;
      return refuse(new TtrpcError(message, Code.InvalidArgument, { cause }));
    }
    if (this.#isDraining) return this.#refuseCall(streamId, shuttingDown());
    const { service, method } = request;
    const route = this.#findRoute(likely, service, method);
    if (route === "service") return refuse(new TtrpcError(`service ${service}`, Code.Unimplemented));
    if (route === "method") return refuse(new TtrpcError(`method ${method}`, Code.Unimplemented));
    if (!this.#places.take()) return this.#refuseCall(streamId, tooManyCalls());
    const deadline = Deadline.afterNanos(request.timeoutNanos);
    const context = new CallContext(route.info.method, this.#remote, deadline, request.metadata);
    const call = new ServerCall(streamId, this, interceptRoute(route, this.#options.interceptors), context);
    this.#calls.add(streamId, call);
    const { payload } = request;
    call.start(flags, payload, isOwned && isMostOf(payload, body), deadline);
  }

  /** A Request may name its method twice, and then the last one counts. */
  #findRoute(likely: Route | undefined, service: string, method: string): Route | "service" | "method" {
    const head = likely?.info.requestHead;
    const isRight = likely !== undefined && head?.service === service && head.method === method;
    return isRight ? likely : this.#routes.find(service, method);
  }

  /** Whether an id is a client's; the answer to any other one is what liveness probes wait for. */
  #isClientId(streamId: number): boolean {
    if (streamId % 2 === 1) return true;
    this.#refuseFrame(streamId, "StreamID must be odd for client initiated streams");
    return false;
  }

  /** Takes the id of a Request, whatever becomes of it. */
  #useUp(streamId: number): boolean {
    if (this.#ids.use(streamId)) return true;
    this.#refuseFrame(streamId, "StreamID cannot be re-used and must increment");
    return false;
  }

  /** The call that takes a Data frame. */
  #callOf(streamId: number): ServerCall | undefined {
    if (!this.#ids.has(streamId)) {
      this.#refuseFrame(streamId, "StreamID is no longer active");
      return undefined;
    }
    const call = this.#calls.get(streamId);
    if (call !== undefined && !call.isInputEnded) return call;
    this.#stats.lateFrames++;
    return undefined;
  }

  /** Answers a Request that comes to no handler. */
  #refuseCall(streamId: number, error: TtrpcError): void {
    countCall(this.#stats.callsByCode, error.code);
    sendStatus(this.writer, streamId, error);
  }

  /** Answers a frame that breaks the protocol. */
  #refuseFrame(streamId: number, message: string): void {
    this.#stats.protocolErrors++;
    sendStatus(this.writer, streamId, new TtrpcError(message, Code.InvalidArgument));
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
    callBack(() => this.#options.onError(error, context));
  }
}

function shuttingDown(): TtrpcError {
  return new TtrpcError("Server is shutting down", Code.Unavailable);
}

function tooManyCalls(): TtrpcError {
  return new TtrpcError("Too many calls are open on this connection", Code.ResourceExhausted);
}
