import type { DescMessage, DescMethod, Message, MessageInitShape } from "@bufbuild/protobuf";
import { Inbox } from "../connection/inbox.ts";
import { MessagePump } from "../connection/message_pump.ts";
import { sendInTurn } from "../connection/send_in_turn.ts";
import { encodeBody, sendEnd, sendMessage } from "../connection/send_message.ts";
import type { ReceiveFlow } from "../connection/receive_flow.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { Code } from "../rpc/code.ts";
import type { Deadline } from "../rpc/deadline.ts";
import { decodeMessage, encodedSize } from "../rpc/message_codec.ts";
import type { MessageSource } from "../rpc/message_source.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameFlag, FrameType } from "../wire/frame.ts";
import { payloadPrefixBytes, writePayloadPrefix } from "../wire/payload_field.ts";
import { RESPONSE_PAYLOAD_FIELD } from "../wire/response_envelope.ts";
import type { CallContext } from "./handler_context.ts";
import { MessageIterable } from "./message_iterable.ts";
import type { Route } from "./route_table.ts";
import { sendStatus } from "./send_status.ts";

type Reply = MessageInitShape<DescMessage>;

/**
 * What the signal of an answered call aborts with; one for all, since an error takes longer to make than a
 * call.
 */
const ANSWERED = new TtrpcError("The call has been answered", Code.Canceled);

/** What a call needs of the connection that it came on. */
export interface CallHost {
  /** Where its frames go. */
  readonly writer: WriterPipe;
  /** Where messages count that wait for its handler. */
  readonly flow: ReceiveFlow;
  /** Told once, when the call has been answered or given up: with its code, 0 for success. */
  callEnded(call: ServerCall, code: Code): void;
  /** Told when a handler is called. */
  handlerStarted(): void;
  /** Told when it has settled, which may be long after the call has ended. */
  handlerSettled(): void;
  /** Told once, when the call has ended and its handler has settled: whether it has an answer to be taken. */
  leavePlace(hasAnswer: boolean): void;
  /** Told of a request that can't be decoded, and of what a handler threw that is no {@linkcode TtrpcError}. */
  callFailed(reason: unknown, method: DescMethod): void;
}

/** One call on the server: from its Request to its last frame. */
export class ServerCall {
  /** The call's id on its connection. */
  readonly streamId: number;
  readonly #host: CallHost;
  readonly #route: Route;
  readonly #context: CallContext;
  readonly #input: Inbox<Message> | undefined;
  #pump: MessagePump<Reply> | undefined;
  #forgetDeadline: (() => void) | undefined;
  #isEnded = false;
  #isRunning = false;
  #hasAnswer = true;

  /** Makes a call that has not begun. */
  constructor(streamId: number, host: CallHost, route: Route, context: CallContext) {
    this.streamId = streamId;
    this.#host = host;
    this.#route = route;
    this.#context = context;
    if (!route.info.sendsStream) return;
    this.#input = new Inbox((bytes, isOwned) => this.#decode(bytes, isOwned));
    this.#input.countIn(host.flow.open((error) => this.fail(error)));
  }

  /**
   * Calls the handler.
   *
   * @param flags Those of the Request.
   * @param payload That of the Request.
   * @param isOwned Whether the payload may be kept; else it is lent.
   */
  start(flags: number, payload: Uint8Array, isOwned: boolean, deadline: Deadline | undefined): void {
    if (deadline !== undefined) {
      if (deadline.hasPassed) return this.#deadlinePassed();
      this.#forgetDeadline = deadline.onPassed(() => this.#deadlinePassed());
    }
    const input = this.#input;
    if (input === undefined) return this.#startWithMessage(payload, isOwned);
    if (!(flags & FrameFlag.NoData) && payload.length > 0) input.push(payload, isOwned);
    if (flags & FrameFlag.RemoteClosed) input.end();
    this.#run(new MessageIterable(input));
  }

  /** Takes a Data frame that the client sent on this call (PROTOCOL.md S5, S8). */
  data(flags: number, body: Uint8Array, isOwned: boolean): void {
    if (this.#input === undefined) {
      const message =
        `Cannot take Data: a client of ${this.#route.info.method.name} sends one message, in its Request`;
      return this.fail(new TtrpcError(message, Code.InvalidArgument));
    }
    if (!(flags & FrameFlag.NoData)) this.#input.push(body, isOwned);
    if (flags & FrameFlag.RemoteClosed) this.#input.end();
  }

  /** Whether the client sends nothing more on this call. */
  get isInputEnded(): boolean {
    return this.#input?.isEnded ?? false;
  }

  /** Ends the call with an error that the client is told. Does nothing once it has ended. */
  fail(error: TtrpcError): void {
    if (this.#isEnded) return;
    sendStatus(this.#host.writer, this.streamId, error);
    this.#end(error);
  }

  /** Ends the call without an answer: the client does not wait for one, or can't get one. */
  abandon(error: TtrpcError): void {
    if (this.#isEnded) return;
    this.#hasAnswer = false;
    this.#end(error);
  }

  /**
   * Ends the input, and aborts the signal: the client may be gone; a reply that is still made is still sent.
   */
  clientLeft(error: TtrpcError): void {
    this.#input?.fail(error);
    this.#context.abort(error);
  }

  #startWithMessage(payload: Uint8Array, isOwned: boolean): void {
    let message: Message;
    try {
      message = decodeMessage(this.#route.info.requests, payload, isOwned);
    } catch (reason) {
      const error = TtrpcError.from(reason, Code.Internal);
      this.#host.callFailed(error, this.#route.info.method);
      return this.fail(error);
    }
    this.#run(message);
  }

  async #run(input: unknown): Promise<void> {
    this.#isRunning = true;
    this.#host.handlerStarted();
    try {
      const output = this.#route.handler(input, this.#context);
      if (this.#route.info.repliesStream) await this.#replyWithAll(output as MessageSource<Reply>);
      else {
        // To wait for what is there already would cost each call a turn.
        const reply = (isThenable(output) ? await output : output) as Reply;
        const { writer } = this.#host;
        if (writer.hasRoom) this.#reply(reply);
        else await sendInTurn(writer, () => this.#reply(reply));
      }
    } catch (reason) {
      if (!(reason instanceof TtrpcError)) this.#host.callFailed(reason, this.#route.info.method);
      this.fail(TtrpcError.from(reason));
    } finally {
      this.#isRunning = false;
      this.#host.handlerSettled();
      if (this.#isEnded) this.#host.leavePlace(this.#hasAnswer);
    }
  }

  #reply(reply: Reply): void {
    if (this.#isEnded) return;
    const { writer } = this.#host;
    const bytes = encodedSize(this.#route.info.replies, reply);
    const start = writer.begin(payloadPrefixBytes(bytes) + bytes);
    const at = writePayloadPrefix(writer.bytes, start, RESPONSE_PAYLOAD_FIELD, bytes);
    const end = encodeBody(writer, this.#route.info.replies, reply, bytes, at);
    writer.commit(this.streamId, FrameType.Response, 0, end);
    this.#end(ANSWERED, Code.Ok);
  }

  async #replyWithAll(messages: MessageSource<Reply>): Promise<void> {
    const { writer } = this.#host;
    const { replies } = this.#route.info;
    const pump = new MessagePump<Reply>(
      messages,
      writer,
      (message) => sendMessage(writer, this.streamId, replies, message),
    );
    if (this.#isEnded) return pump.stop();
    this.#pump = pump;
    if (!(await pump.run()) || this.#isEnded) return;
    sendEnd(writer, this.streamId);
    this.#end(ANSWERED, Code.Ok);
  }

  #decode(bytes: Uint8Array, isOwned: boolean): Message {
    try {
      return decodeMessage(this.#route.info.requests, bytes, isOwned);
    } catch (error) {
      this.fail(TtrpcError.from(error, Code.Internal));
      throw error;
    }
  }

  #deadlinePassed(): void {
    this.fail(new TtrpcError("context deadline exceeded", Code.DeadlineExceeded));
  }

  #end(reason: TtrpcError, code: Code = reason.code): void {
    this.#isEnded = true;
    this.#forgetDeadline?.();
    this.#host.callEnded(this, code);
    if (!this.#isRunning) this.#host.leavePlace(this.#hasAnswer);
    this.#input?.abort(reason);
    this.#context.abort(reason);
    this.#pump?.stop();
  }
}

/** Whether a value is to be waited for: a promise, or what looks like one. */
function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
