import { type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { equals } from "@std/bytes";
import { Interop } from "../../gen/interop/v1/interop_pb.ts";
import type { Transport } from "../../src/client/transport.ts";
import { decodeRequest, decodeResponse, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { type ErrorDetail, TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { callMethod } from "./call_method.ts";

const NANOS_PER_MS = 1e6;

/** A recorded call, made again by our client; each frame of the script is one step of it. */
export class ReplayedCall {
  readonly #method: DescMethod;
  readonly #abort = new AbortController();
  readonly #replies: AsyncIterator<Message>;
  #source: ReadableStreamDefaultController<Message> | undefined;
  #next: Promise<IteratorResult<Message>>;
  #isOver = false;
  /** What the call may take, Infinity if it has no deadline. */
  readonly timeoutMs: number;

  /** Begins the call of a recorded Request. */
  constructor(transport: Transport, request: Frame) {
    const { service, method, payload, timeoutNanos, metadata } = decodeRequest(request.body);
    this.#method = methodOf(service, method);
    this.timeoutMs = timeoutNanos === 0n ? Infinity : Number(timeoutNanos) / NANOS_PER_MS;
    const upload = new ReadableStream<Message>({
      start: (controller) => {
        this.#source = controller;
      },
    });
    const message = fromBinary(this.#method.input, payload);
    const options = { timeoutMs: this.timeoutMs, metadata, signal: this.#abort.signal };
    this.#replies = callMethod(transport, this.#method, message, upload, options)[Symbol.asyncIterator]();
    this.#next = this.#ask();
  }

  /** Whether the caller knows how the call has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Does what leads to a frame of the client. */
  send({ flags, body }: Frame): void {
    if (!(flags & FrameFlag.NoData)) this.#source?.enqueue(fromBinary(this.#method.input, body));
    if (flags & FrameFlag.RemoteClosed) this.#source?.close();
  }

  /** Asserts that a frame of the server, which ends or goes on with the call, comes out as it should. */
  async receive({ type, flags, body }: Frame): Promise<void> {
    if (type === FrameType.Data) {
      if (!(flags & FrameFlag.NoData)) await this.#assertReply(body);
      if (flags & FrameFlag.RemoteClosed) await this.#assertEnd();
      return;
    }
    const { status, payload } = decodeResponse(body);
    if (status !== undefined && status.code !== Code.Ok) {
      return await this.assertFailure(status.code, status.message, status.details);
    }
    await this.#assertReply(payload);
    await this.#assertEnd();
  }

  /** Asserts that the call fails. */
  async assertFailure(code: number, message: string, details: ErrorDetail[] = []): Promise<void> {
    this.#isOver = true;
    const error = await assertRejects(() => this.#next, TtrpcError);
    assertEquals([error.code, error.rawMessage, error.details], [code, message, details]);
  }

  /** Gives the call up, as it is done with calls of its kind. */
  async giveUp(): Promise<void> {
    const { methodKind } = this.#method;
    if (methodKind === "server_streaming" || methodKind === "bidi_streaming") {
      await this.#replies.return?.();
      return await this.#assertEnd();
    }
    this.#abort.abort();
    await this.assertFailure(Code.Canceled, "The call was canceled");
  }

  async #assertReply(bytes: Uint8Array): Promise<void> {
    const { done, value } = await this.#next;
    assert(!done && equals(toBinary(this.#method.output, value), bytes), "Another reply");
    this.#next = this.#ask();
  }

  async #assertEnd(): Promise<void> {
    this.#isOver = true;
    const { done } = await this.#next;
    assert(done, "A reply instead of the end");
  }

  #ask(): Promise<IteratorResult<Message>> {
    const next = this.#replies.next();
    next.catch(() => {
      // What a failure has to be is asserted where the script comes to it.
    });
    return next;
  }
}

/** A method of the service, or one that there is not. */
function methodOf(service: string, name: string): DescMethod {
  const method = Interop.methods.find((one) => one.name === name) ?? { ...Interop.method.empty, name };
  return service === Interop.typeName ? method : { ...method, parent: { ...Interop, typeName: service } };
}
