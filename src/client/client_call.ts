import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { MessagePump } from "../connection/message_pump.ts";
import { sendEnd, sendMessage } from "../connection/send_message.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import type { MessageSource } from "../rpc/message_source.ts";
import { Metadata } from "../rpc/metadata.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameFlag, NO_BYTES } from "../wire/frame.ts";
import { encodeRequestTail } from "../wire/request_envelope.ts";
import { decodeResponse, type ResponseEnvelope } from "../wire/response_envelope.ts";
import { type BoundedCall, CallBounds } from "./call_bounds.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { ReplyReceiver } from "./reply_receiver.ts";
import { sendOpeningRequest, sendRequest } from "./send_request.ts";

type Request = MessageInitShape<DescMessage>;

/** Where a call stands: not begun, without a connection, on the wire, over. */
type State = "new" | "waiting" | "open" | "ended";

/** What a call needs of the transport that carries it. */
export interface CallHost {
  /** `timeoutMs` of calls that give none. */
  readonly defaultTimeoutMs: number;
  /** Told once, when the call is over. */
  callEnded(call: ClientCall): void;
}

/** Follows a call that stands for another one, behind interceptors. */
export interface CallWatcher {
  /** The call has begun. */
  callBegun(): void;
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
export class ClientCall implements BoundedCall {
  readonly #info: MethodInfo;
  readonly #host: CallHost;
  readonly #receiver: ReplyReceiver;
  readonly #bounds: CallBounds;
  readonly #watcher: CallWatcher | undefined;
  readonly #metadata: Metadata | undefined;
  #state: State = "new";
  #connection: ClientConnection | undefined;
  #streamId = 0;
  /** Where its Request begins among all bytes of its connection. */
  #requestStart = 0;
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
    this.#watcher?.callBegun();
    this.#bounds.begin(this);
    return !this.isEnded;
  }

  /** Sends the Request on a connection, with the call's only message. */
  openWith(connection: ClientConnection, message: Request): void {
    this.#open(connection, (tail) => {
      sendRequest(connection.writer, this.#info, message, tail, () => this.#takeId(connection));
    });
  }

  /** Sends the Request on a connection, then the messages of `source` as the peer takes them. */
  openAndUpload(connection: ClientConnection, source: MessageSource<Request>): void {
    this.#open(connection, (tail) => {
      sendOpeningRequest(connection.writer, this.#info, tail, () => this.#takeId(connection));
    });
    if (!this.isEnded) this.#send(connection, source);
  }

  /** Takes a Response frame (PROTOCOL.md A3, A4, A6, A8). */
  response(body: Uint8Array): void {
    let response: ResponseEnvelope;
    try {
      response = decodeResponse(body);
    } catch (cause) {
      const message = `Cannot decode a Response: ${TtrpcError.from(cause).rawMessage}`;
      return this.fail(new TtrpcError(message, Code.Internal, { cause }));
    }
    const { status, payload } = response;
    if (status !== undefined && status.code !== Code.Ok) {
      const details = status.details.map(({ typeUrl, value }) => ({ typeUrl, value: value.slice() }));
      return this.fail(new TtrpcError(status.message, status.code, { details }));
    }
    this.#end();
    if (!this.#info.repliesStream || payload.length > 0) this.#receiver.message(payload, false);
    this.#receiver.end();
  }

  /** Takes a Data frame (PROTOCOL.md A1, A2, A5, A8). */
  data(flags: number, body: Uint8Array, isOwned: boolean): void {
    if (!this.#info.repliesStream) {
      return this.abandon(new TtrpcError("Protocol error: Data where a Response is due", Code.Internal));
    }
    const isLast = (flags & FrameFlag.RemoteClosed) !== 0;
    if (isLast) this.#end();
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
    if (!this.#end()) return;
    const handedBytes = this.#connection?.writer.handedBytes ?? 0;
    const code = this.#bounds.deadline?.hasPassed ? Code.DeadlineExceeded : error.code;
    this.#receiver.fail(restate(error, code, handedBytes > this.#requestStart));
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
    this.#giveUp(this.#bounds.deadlineError(this.#isOnWire));
  }

  /** Draws no further message of an upload: none would go out. */
  stopUpload(): void {
    this.#upload?.stop();
  }

  #open(connection: ClientConnection, send: (tail: Uint8Array) => void): void {
    if (this.#state !== "waiting") return;
    const { deadline } = this.#bounds;
    const timeoutNanos = deadline?.remainingNanos ?? 0n;
    if (deadline !== undefined && timeoutNanos === 0n) return this.deadlinePassed();
    const hasTail = deadline !== undefined || this.#metadata !== undefined;
    this.#requestStart = connection.writer.committedBytes;
    try {
      send(hasTail ? encodeRequestTail(timeoutNanos, this.#metadata ?? []) : NO_BYTES);
    } catch (error) {
      this.abandon(TtrpcError.from(error, Code.Internal));
    }
  }

  #takeId(connection: ClientConnection): number {
    this.#streamId = connection.add(this);
    this.#connection = connection;
    this.#state = "open";
    this.#watcher?.callSent();
    return this.#streamId;
  }

  async #send(connection: ClientConnection, source: MessageSource<Request>): Promise<void> {
    const { writer } = connection;
    try {
      // A call that is safe to make again has its source untouched (PROTOCOL.md Z1).
      if (!(await writer.written(this.#requestStart)) || this.isEnded) return;
      const pump = new MessagePump(source, {
        send: (message) => sendMessage(writer, this.#streamId, this.#info.requests, message),
        room: () => writer.room(),
      });
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

  #giveUp(error: TtrpcError): void {
    if (this.#state === "open") this.#connection?.sendCancelNotice(this.#streamId, error.code);
    if (this.#end()) this.#receiver.abort(error);
  }

  /**
   * Ends the call, before its receiver is told: what that does then is about an ended call.
   *
   * @returns False if the call was over before.
   */
  #end(): boolean {
    if (this.#state === "ended") return false;
    if (this.#state === "open") this.#connection?.remove(this.#streamId);
    if (this.#state !== "new") this.#watcher?.callEnded();
    this.#state = "ended";
    this.#bounds.end();
    this.#upload?.stop();
    this.#host.callEnded(this);
    return true;
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
