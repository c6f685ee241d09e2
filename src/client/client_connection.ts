import { Connection, type ConnectionHandler, LINGER_MS } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import { type ConnectionStats, noStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { overLimit } from "../connection/message_limit.ts";
import type { ReceiveFlow } from "../connection/receive_flow.ts";
import { StreamTable } from "../connection/stream_table.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FRAME_HEADER_BYTES, FrameError, FrameFlag, FrameType, NO_BYTES } from "../wire/frame.ts";
import { encodeResponse } from "../wire/response_envelope.ts";
import { AbandonedStreams } from "./abandoned_streams.ts";
import type { ClientCall } from "./client_call.ts";
import { Heartbeat, type PingOptions, type WatchedConnection } from "./heartbeat.ts";

/** The last id a client may give to a call. */
const MAX_STREAM_ID = 2 ** 31 - 1;
/** No call has this id: what is sent on it is a ping, and what comes on it the answer (PROTOCOL.md S2). */
const PING_ID = 0;

/** Options for {@linkcode ClientConnection}. */
export interface ClientConnectionOptions extends Required<ConnectionOptions> {
  /** Whether the server is told of calls that were given up. */
  cancelNotice: boolean;
  /** When the server is asked for a sign of life; undefined for never. */
  ping: Required<PingOptions> | undefined;
}

/** One connection of a client, with the calls that are open on it. */
export class ClientConnection implements ConnectionHandler, WatchedConnection {
  readonly #connection: Connection;
  readonly #options: ClientConnectionOptions;
  readonly #onLost: () => void;
  readonly #calls = new StreamTable<ClientCall>();
  /** Calls that wait for room. */
  readonly #inLine = new Set<() => void>();
  readonly #abandoned = new AbandonedStreams();
  readonly #heartbeat: Heartbeat | undefined;
  readonly #stats = noStats();
  /** Who waits for a sign of life. */
  readonly #pings = new Set<(error?: TtrpcError) => void>();
  #unansweredPings = 0;
  #answersPings = false;
  #isRetired = false;
  #isReferenced = false;
  #nextId: number;

  /**
   * Takes the duplex over and begins to read.
   *
   * @param onLost Told when the connection is of no use for further calls.
   * @param firstId The first call's id: odd.
   */
  constructor(duplex: Duplex, options: ClientConnectionOptions, onLost: () => void = () => {}, firstId = 1) {
    this.#options = options;
    this.#onLost = onLost;
    this.#nextId = firstId;
    if (options.ping !== undefined) this.#heartbeat = new Heartbeat(this, options.ping);
    // A client knows all of its calls: a reader that holds up no other one may take its time.
    this.#connection = new Connection(duplex, { ...options, maxPauseMs: Infinity }, this);
    this.#connection.unref();
    this.#connection.start({ answersFrames: false });
  }

  /** Where frames are sent. */
  get writer(): WriterPipe {
    return this.#connection.writer;
  }

  /** Where replies count that wait for their readers. */
  get flow(): ReceiveFlow {
    return this.#connection.flow;
  }

  /** Those too that wait for room: they are held up like the others. */
  get openCalls(): number {
    return this.#calls.size + this.#inLine.size;
  }

  get receivedBytes(): number {
    return this.#connection.receivedBytes;
  }

  get answersPings(): boolean {
    return this.#answersPings;
  }

  get isPaused(): boolean {
    // While a ping waits behind other bytes, the server can't have seen it.
    return this.flow.isPaused || this.writer.queuedBytes > 0;
  }

  /** Resolves once the connection is closed. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Whether a call can be opened: the connection is up, has ids left, and is not being retired. */
  get isUsable(): boolean {
    return this.#connection.isOpen && this.#nextId <= MAX_STREAM_ID && !this.#isRetired;
  }

  /** The counters of the connection. */
  stats(): ConnectionStats {
    return this.#connection.addTo({ ...this.#stats, openCalls: this.#calls.size });
  }

  /** Calls back when it is the turn of a call that waits for room. */
  joinLine(takeTurn: () => void): void {
    this.#inLine.add(takeTurn);
    this.writer.whenRoom(takeTurn);
    this.flow.callsChanged();
  }

  /** A call waits no longer: it has had its turn, or is over. */
  leaveLine(takeTurn: () => void): void {
    if (!this.#inLine.delete(takeTurn)) return;
    this.writer.leaveLine(takeTurn);
    this.flow.callsChanged();
  }

  /** Takes a call in, and gives it the next id. */
  add(call: ClientCall): number {
    const streamId = this.#nextId;
    this.#nextId += 2;
    if (this.#calls.size === 0) this.#heartbeat?.start();
    this.#calls.add(streamId, call);
    this.#keepAlive();
    this.flow.callsChanged();
    return streamId;
  }

  /** Takes a call out that is over. A connection that takes no further calls closes after its last one. */
  remove(streamId: number): void {
    this.#calls.remove(streamId);
    this.flow.callsChanged();
    if (this.#calls.size > 0) return;
    this.#heartbeat?.stop();
    this.#keepAlive();
    if (!this.isUsable) this.close();
  }

  /** Counts a frame that breaks the protocol. */
  countProtocolError(): void {
    this.#stats.protocolErrors++;
  }

  /** Tells the server that nobody waits for a call's answer any more (PROTOCOL.md X2). */
  sendCancelNotice(streamId: number, reason: Code): void {
    this.#abandoned.add(streamId);
    if (!this.#options.cancelNotice) return;
    const code = reason === Code.DeadlineExceeded ? reason : Code.Canceled;
    const status = { code, message: "", details: [] };
    this.writer.send(streamId, FrameType.Response, 0, encodeResponse({ status, payload: NO_BYTES }));
  }

  /**
   * Sends a ping.
   *
   * @param done Told once: when the next frame comes, be it the answer or not, or why none will.
   * @returns A function that forgets who asked.
   */
  ping(done: (error?: TtrpcError) => void): () => void {
    this.#pings.add(done);
    this.#keepAlive();
    this.sendPing();
    return () => {
      if (this.#pings.delete(done)) this.#keepAlive();
    };
  }

  sendPing(): void {
    this.#unansweredPings++;
    this.writer.send(PING_ID, 0, 0, NO_BYTES);
  }

  /** Gives the connection up: its calls fail. */
  fail(error: TtrpcError): void {
    this.writer.countInFlight();
    this.#connection.fail(error);
  }

  /** Writes what was sent before, for `lingerMs` at most, and closes the connection. */
  close(lingerMs?: number): Promise<void> {
    return this.#connection.close(lingerMs);
  }

  /** Ends every open call with an error, and so every wait for a sign of life. */
  abandonAll(error: TtrpcError): void {
    for (const call of this.#calls.snapshot()) call.abandon(error);
    this.#endPings(error);
  }

  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    this.#received();
    if (type !== FrameType.Response && type !== FrameType.Data) return;
    const call = this.#calls.get(streamId);
    if (call === undefined) this.#late(streamId, type, flags, body.length);
    else if (type === FrameType.Response) call.response(body, isOwned);
    else call.data(flags, body, isOwned);
  }

  oversize(streamId: number, type: number, flags: number, length: number): void {
    this.#received();
    if (type !== FrameType.Response && type !== FrameType.Data) return;
    const call = this.#calls.get(streamId);
    const error = overLimit(length, this.#options.readMaxBytes);
    if (call === undefined) this.#late(streamId, type, flags, length);
    else if (type === FrameType.Data) call.abandon(error);
    else call.fail(error);
  }

  writeFailed(error: TtrpcError): void {
    this.#onLost();
    for (const call of this.#calls.snapshot()) call.writeFailed(error);
    // A server that answers and closes may have answered some calls already (PROTOCOL.md Z4).
    this.#connection.readToEnd(error, LINGER_MS);
    if (this.#calls.size === 0) this.close();
  }

  readEnded(error?: TtrpcError): void {
    if (error?.cause instanceof FrameError) this.countProtocolError();
    const lost = error ?? new TtrpcError("Connection closed by the server", Code.Unavailable);
    const calls = this.#calls.snapshot();
    // First the connection: no call may be opened on it while the others end, and nobody could answer what is
    // still queued.
    if (calls.length > 0) this.#connection.fail(lost);
    else this.#connection.close();
    this.#heartbeat?.stop();
    this.#onLost();
    for (const call of calls) call.connectionLost(lost);
    this.#endPings(lost);
  }

  #received(): void {
    this.#stats.receivedFrames++;
    if (this.#pings.size > 0) this.#endPings();
  }

  #endPings(error?: TtrpcError): void {
    const waiting = [...this.#pings];
    this.#pings.clear();
    this.#keepAlive();
    for (const done of waiting) done(error);
  }

  /** Only for a call or a ping the connection keeps the process alive. */
  #keepAlive(): void {
    const isNeeded = this.#calls.size > 0 || this.#pings.size > 0;
    if (isNeeded === this.#isReferenced) return;
    this.#isReferenced = isNeeded;
    if (isNeeded) this.#connection.ref();
    else this.#connection.unref();
  }

  #late(streamId: number, type: number, flags: number, bodyBytes: number): void {
    if (streamId === PING_ID && type === FrameType.Response && this.#unansweredPings > 0) {
      this.#unansweredPings--;
      this.#answersPings = true;
      return;
    }
    this.#stats.lateFrames++;
    const isLast = type === FrameType.Response || (flags & FrameFlag.RemoteClosed) !== 0;
    if (isLast) this.#abandoned.delete(streamId);
    else this.#abandoned.countLate(streamId, FRAME_HEADER_BYTES + bodyBytes);
    if (this.#abandoned.areFlooding && !this.#isRetired) this.#retire();
  }

  /** The server goes on with calls that nobody waits for: others get a new connection (PROTOCOL.md X5). */
  #retire(): void {
    this.#isRetired = true;
    this.#onLost();
    if (this.#calls.size === 0) this.close();
  }
}
