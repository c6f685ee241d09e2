import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { MessagePump } from "../connection/message_pump.ts";
import { sendEnd, sendMessage } from "../connection/send_message.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import type { MessageSource } from "../rpc/message_source.ts";
import { Metadata } from "../rpc/metadata.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { BoundsWatcher } from "../rpc/watch_bounds.ts";
import { FrameFlag } from "../wire/frame.ts";
import { isMostOf } from "../wire/payload_field.ts";
import { decodeResponse, type ResponseEnvelope } from "../wire/response_envelope.ts";
import { CallBounds } from "./call_bounds.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { ReplyReceiver } from "./reply_receiver.ts";
import { type RequestParts, sendOpeningRequest, sendRequest } from "./send_request.ts";
import type { ConnectionTaker } from "./waiting_calls.ts";

type Request = MessageInitShape<DescMessage>;

/** Where a call stands: not begun, without a connection, on the wire, over. */
type State = "new" | "waiting" | "open" | "ended";

/** What a call needs of the transport that carries it. */
export interface CallHost {
  /** `timeoutMs` of calls that give none. */
  readonly defaultTimeoutMs: number;
  /** `waitForReady` of calls that give none. */
  readonly waitForReady: boolean;
  /** Why there is no connection, if there is none. */
  readonly connectError: TtrpcError | undefined;
  /** Gives a call a connection, in its turn. */
  submit(call: ClientCall): void;
  /** Told when a call begins. */
  callBegan(): void;
  /** Told once, when a call that began is over: with its code, 0 for success. */
  callEnded(call: ClientCall, code: Code): void;
}

/** Follows a call that stands for another one, behind interceptors. */
export interface CallWatcher {
  /** The call has begun. */
  callBegan(): void;
  /** Its Request has its place among the bytes of a connection. */
  callSent(): void;
  /** It is over. */
  callEnded(): void;
}

/** Options for {@linkcode ClientCall}. */
export interface WatchedCallOptions extends CallOptions {
  /** Follows the call. */
  watcher?: CallWatcher;
}

/** One call on the client: the place where its frames, the caller's signal and its deadline meet. */
export class ClientCall implements BoundsWatcher, ConnectionTaker {
  readonly #info: MethodInfo;
  readonly #host: CallHost;
  readonly #receiver: ReplyReceiver;
  readonly #bounds: CallBounds;
  /** Whether it waits on when there is no connection to be had. */
  readonly waitForReady: boolean;
  readonly #watcher: CallWatcher | undefined;
  readonly #metadata: Metadata | undefined;
  #state: State = "new";
  #connection: ClientConnection | undefined;
  #streamId = 0;
  /** Where its Request begins among all bytes of its connection. */
  #requestStart = 0;
  #send: ((connection: ClientConnection) => void) | undefined;
  #wasSentAgain = false;
  #upload: MessagePump<Request> | undefined;

  /**
   * Makes a call that has not begun; its deadline counts from now.
   *
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  constructor(info: MethodInfo, options: WatchedCallOptions, host: CallHost, receiver: ReplyReceiver) {
    this.#info = info;
    this.#host = host;
    this.#receiver = receiver;
    this.#bounds = new CallBounds(options, host.defaultTimeoutMs);
    this.waitForReady = options.waitForReady ?? host.waitForReady;
    this.#watcher = options.watcher;
    if (options.metadata !== undefined) this.#metadata = new Metadata(options.metadata);
  }

  /** Whether the call is over. */
  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** The error of a caller whose signal has aborted, even after the last reply came. */
  get abortError(): TtrpcError | undefined {
    return this.#bounds.abortError(this.#isOnWire);
  }

  /**
   * Begins the call: from now on its signal and its deadline end it.
   *
   * @returns False if one of them has done so already.
   */
  begin(): boolean {
    this.#state = "waiting";
    this.#host.callBegan();
    this.#watcher?.callBegan();
    this.#bounds.begin(this);
    return !this.isEnded;
  }

  /**
   * Asks for a connection, and again for another one if that is lost before a byte of the Request went out.
   *
   * @param send Sends the call on the connection.
   */
  submit(send: (connection: ClientConnection) => void): void {
    this.#send = send;
    if (!this.isEnded) this.#host.submit(this);
  }

  open(connection: ClientConnection): void {
    this.#send?.(connection);
  }

  /** Sends the Request on a connection, with the call's only message. */
  openWith(connection: ClientConnection, message: Request): void {
    this.#open(connection, (parts) => sendRequest(connection.writer, message, parts));
  }

  /** Sends the Request on a connection, then the messages of `source` as the peer takes them. */
  openAndUpload(connection: ClientConnection, source: MessageSource<Request>): void {
    this.#open(connection, (parts) => sendOpeningRequest(connection.writer, parts));
    if (!this.isEnded) this.#uploadAll(connection, source);
  }

  /** Takes a Response frame (PROTOCOL.md A3, A4, A6, A8). */
  response(body: Uint8Array, isOwned: boolean): void {
    let response: ResponseEnvelope;
    try {
      response = decodeResponse(body);
    } catch (cause) {
      this.#connection?.countProtocolError();
      const message = `Cannot decode a Response: ${TtrpcError.from(cause).rawMessage}`;
      return this.fail(new TtrpcError(message, Code.Internal, { cause }));
    }
    const { status, payload } = response;
    if (status !== undefined && status.code !== Code.Ok) {
      const details = status.details.map(({ typeUrl, value }) => ({ typeUrl, value: value.slice() }));
      return this.fail(new TtrpcError(status.message, status.code, { details }));
    }
    this.#end(Code.Ok);
    if (!this.#info.repliesStream || payload.length > 0) {
      this.#receiver.message(payload, isOwned && isMostOf(payload, body));
    }
    this.#receiver.end();
  }

  /** Takes a Data frame (PROTOCOL.md A1, A2, A5, A8). */
  data(flags: number, body: Uint8Array, isOwned: boolean): void {
    if (!this.#info.repliesStream) {
      this.#connection?.countProtocolError();
      return this.abandon(new TtrpcError("Protocol error: Data where a Response is due", Code.Internal));
    }
    const isLast = (flags & FrameFlag.RemoteClosed) !== 0;
    if (isLast) this.#end(Code.Ok);
    if (!(flags & FrameFlag.NoData)) this.#receiver.message(body, isOwned);
    if (isLast) this.#receiver.end();
  }

  /**
   * The peer, or what is between, ends the call with an error.
   *
   * Some servers answer a passed deadline with another code; whoever holds the clock knows better
   * (PROTOCOL.md D5).
   */
  fail(error: TtrpcError): void {
    const requestSent = this.#isHanded;
    const code = this.#bounds.deadline?.hasPassed ? Code.DeadlineExceeded : error.code;
    if (this.#end(code)) this.#receiver.fail(restate(error, code, requestSent));
  }

  /** Its connection is lost: a call of which no byte went out is sent again, once (PROTOCOL.md Z1). */
  connectionLost(error: TtrpcError): void {
    if (this.#isHanded || this.#wasSentAgain || this.#state !== "open") return this.fail(error);
    this.#wasSentAgain = true;
    this.#connection?.remove(this.#streamId);
    this.#connection = undefined;
    this.#state = "waiting";
    this.#host.submit(this);
  }

  /** This side gives the call up, and tells the server so if that knows of the call. */
  abandon(error: TtrpcError): void {
    this.#giveUp(restate(error, error.code, this.#isOnWire));
  }

  aborted(): void {
    const error = this.abortError;
    if (error !== undefined) this.#giveUp(error);
  }

  deadlinePassed(): void {
    const cause = this.#state === "waiting" ? this.#host.connectError : undefined;
    this.#giveUp(this.#bounds.deadlineError(this.#isOnWire, cause));
  }

  /** Nothing more goes out on its connection, though its answer may have been on its way already. */
  writeFailed(error: TtrpcError): void {
    if (this.#isHanded) this.#upload?.stop();
    else this.connectionLost(error);
  }

  #open(connection: ClientConnection, send: (parts: RequestParts) => void): void {
    if (this.#state !== "waiting") return;
    const { deadline } = this.#bounds;
    const timeoutNanos = deadline?.remainingNanos ?? 0n;
    if (deadline !== undefined && timeoutNanos === 0n) return this.deadlinePassed();
    const takeId = () => this.#takeId(connection);
    try {
      send({ info: this.#info, timeoutNanos, metadata: this.#metadata, takeId });
    } catch (error) {
      this.abandon(TtrpcError.from(error, Code.Internal));
    }
  }

  /** @throws {TtrpcError} If the call was given up while its message was encoded: nothing is sent then. */
  #takeId(connection: ClientConnection): number {
    if (this.isEnded) throw new TtrpcError("The call is over", Code.Canceled, { requestSent: false });
    this.#requestStart = connection.writer.committedBytes;
    this.#streamId = connection.add(this);
    this.#connection = connection;
    this.#state = "open";
    this.#watcher?.callSent();
    this.#receiver.countIn?.(connection.flow.open((error) => this.#tooSlow(error)));
    return this.#streamId;
  }

  async #uploadAll(connection: ClientConnection, source: MessageSource<Request>): Promise<void> {
    const { writer } = connection;
    try {
      // A call that is safe to make again has its source untouched (PROTOCOL.md Z1).
      if (!(await writer.written(this.#requestStart)) || this.isEnded) return;
      const pump = new MessagePump(
        source,
        writer,
        (message) => sendMessage(writer, this.#streamId, this.#info.requests, message),
      );
      if (this.isEnded) return pump.stop();
      this.#upload = pump;
      if (await pump.run() && !this.isEnded) sendEnd(writer, this.#streamId);
    } catch (cause) {
      const error = cause instanceof TtrpcError
        ? cause
        : new TtrpcError(`Upload failed: ${TtrpcError.from(cause).rawMessage}`, Code.Canceled, { cause });
      this.abandon(error);
    }
  }

  /** The caller does not read its replies, and holds up other calls: even one that has ended loses them. */
  #tooSlow(error: TtrpcError): void {
    this.abandon(error);
    this.#receiver.abort(error);
  }

  #giveUp(error: TtrpcError): void {
    if (this.#state === "open") this.#connection?.sendCancelNotice(this.#streamId, error.code);
    if (this.#end(error.code)) this.#receiver.abort(error);
  }

  /**
   * Ends the call, before its receiver is told: what that does then is about an ended call.
   *
   * @returns False if the call was over before.
   */
  #end(code: Code): boolean {
    const state = this.#state;
    if (state === "ended") return false;
    this.#state = "ended";
    if (state === "open") this.#connection?.remove(this.#streamId);
    this.#bounds.end();
    if (state !== "new") {
      this.#watcher?.callEnded();
      this.#host.callEnded(this, code);
    }
    this.#upload?.stop();
    return true;
  }

  /** Whether a byte of its Request was handed to the connection. */
  get #isHanded(): boolean {
    return (this.#connection?.writer.handedBytes ?? 0) > this.#requestStart;
  }

  /** Whether its Request has its place among the bytes of a connection: it goes out, even if given up. */
  get #isOnWire(): boolean {
    return this.#connection !== undefined;
  }
}

/** The error as it is about one call. */
function restate(error: TtrpcError, code: Code, requestSent: boolean): TtrpcError {
  if (error.code === code && error.requestSent === requestSent) return error;
  const { rawMessage, details } = error;
  const cause = "cause" in error ? { cause: error.cause } : {};
  return new TtrpcError(rawMessage, code, { ...cause, details, requestSent });
}
