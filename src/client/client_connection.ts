import { Connection, type ConnectionHandler, LINGER_MS } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { overLimit } from "../connection/message_limit.ts";
import { StreamTable } from "../connection/stream_table.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameType, NO_BYTES } from "../wire/frame.ts";
import { encodeResponse } from "../wire/response_envelope.ts";
import type { ClientCall } from "./client_call.ts";

/** The last id a client may give to a call. */
const MAX_STREAM_ID = 2 ** 31 - 1;

/** Options for {@linkcode ClientConnection}. */
export interface ClientConnectionOptions extends Required<ConnectionOptions> {
  /** Whether the server is told of calls that were given up. */
  cancelNotice: boolean;
}

/** One connection of a client, with the calls that are open on it. */
export class ClientConnection implements ConnectionHandler {
  readonly #connection: Connection;
  readonly #options: ClientConnectionOptions;
  readonly #calls = new StreamTable<ClientCall>();
  #nextId: number;
  #lateFrames = 0;

  /**
   * Takes the duplex over and begins to read.
   *
   * @param firstId The first call's id: odd.
   */
  constructor(duplex: Duplex, options: ClientConnectionOptions, firstId = 1) {
    this.#options = options;
    this.#nextId = firstId;
    this.#connection = new Connection(duplex, options, this);
    this.#connection.unref();
    this.#connection.start();
  }

  /** Where frames are sent. */
  get writer(): WriterPipe {
    return this.#connection.writer;
  }

  /** Resolves once the connection is closed. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Whether a call can be opened: the connection is up, and has ids left. */
  get isUsable(): boolean {
    return this.#connection.isOpen && this.#nextId <= MAX_STREAM_ID;
  }

  /** The counters of the connection. */
  stats(): ConnectionStats {
    return { openCalls: this.#calls.size, lateFrames: this.#lateFrames };
  }

  /** Takes a call in, and gives it the next id. */
  add(call: ClientCall): number {
    const streamId = this.#nextId;
    this.#nextId += 2;
    if (this.#calls.size === 0) this.#connection.ref();
    this.#calls.add(streamId, call);
    return streamId;
  }

  /** Takes a call out that is over. A connection that takes no further calls closes after its last one. */
  remove(streamId: number): void {
    this.#calls.remove(streamId);
    if (this.#calls.size > 0) return;
    this.#connection.unref();
    if (!this.isUsable) this.close();
  }

  /** Tells the server that nobody waits for a call's answer any more (PROTOCOL.md X2). */
  sendCancelNotice(streamId: number, reason: Code): void {
    if (!this.#options.cancelNotice) return;
    const code = reason === Code.DeadlineExceeded ? reason : Code.Canceled;
    const status = { code, message: "", details: [] };
    this.writer.send(streamId, FrameType.Response, 0, encodeResponse({ status, payload: NO_BYTES }));
  }

  /** Writes what was sent before, for `lingerMs` at most, and closes the connection. */
  close(lingerMs?: number): Promise<void> {
    return this.#connection.close(lingerMs);
  }

  /** Ends every open call with an error. */
  abandonAll(error: TtrpcError): void {
    for (const call of this.#calls.snapshot()) call.abandon(error);
  }

  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    if (type !== FrameType.Response && type !== FrameType.Data) return;
    const call = this.#calls.get(streamId);
    if (call === undefined) this.#lateFrames++;
    else if (type === FrameType.Response) call.response(body);
    else call.data(flags, body, isOwned);
  }

  oversize(streamId: number, type: number, _flags: number, length: number): void {
    if (type !== FrameType.Response && type !== FrameType.Data) return;
    const call = this.#calls.get(streamId);
    const error = overLimit(length, this.#options.readMaxBytes);
    if (call === undefined) this.#lateFrames++;
    else if (type === FrameType.Data) call.abandon(error);
    else call.fail(error);
  }

  writeFailed(error: TtrpcError): void {
    for (const call of this.#calls.snapshot()) call.stopUpload();
    // A server that answers and closes may have answered some calls already (PROTOCOL.md Z4).
    this.#connection.readToEnd(error, LINGER_MS);
    if (this.#calls.size === 0) this.close();
  }

  readEnded(error?: TtrpcError): void {
    const lost = error ?? new TtrpcError("Connection closed by the server", Code.Unavailable);
    const calls = this.#calls.snapshot();
    // First the connection: no call may be opened on it while the others end, and nobody could answer what is
    // still queued.
    if (calls.length > 0) this.#connection.fail(lost);
    else this.#connection.close();
    for (const call of calls) call.fail(lost);
  }
}
