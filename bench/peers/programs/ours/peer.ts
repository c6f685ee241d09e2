import { createTransport, type Interceptor, type Transport } from "@ttrpc/ttrpc";
import type { Payload, UploadReply } from "../../../../gen/bench/v1/bench_pb.ts";
import { type BenchClient, createBenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { echoOf, type EchoOptions } from "./echo.ts";
import { openStreams } from "./open_streams.ts";

/** What a row asks for beyond its loop. */
export interface PeerOptions extends EchoOptions {
  /** How many other connections there are, idle. */
  otherConnections?: number;
  /** How many streams are open on this connection, idle. */
  openStreams?: number;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Receive = (data: Uint8Array) => void;

const passOn: Interceptor = (next) => (request) => next(request);

/** A connection on which a call has been made, and what a row wants beside it. */
export class Peer {
  readonly transport: Transport;
  /** A unary call. */
  readonly echo: (data: Bytes) => Promise<Payload>;
  readonly #bench: BenchClient;
  #others: Peer[] = [];
  #closeStreams: (() => void) | undefined;

  private constructor(address: string, options: PeerOptions) {
    const interceptors = options.on === "interceptor" ? [passOn] : [];
    this.transport = createTransport({ address, interceptors });
    this.#bench = createBenchClient(this.transport);
    this.echo = echoOf(this.transport, options);
  }

  static async open(address: string, options: PeerOptions = {}): Promise<Peer> {
    const peer = new Peer(address, options);
    await peer.#bench.echo({});
    for (let i = 0; i < (options.otherConnections ?? 0); i++) peer.#others.push(await Peer.open(address));
    if (options.openStreams) peer.#closeStreams = await openStreams(peer.#bench, options.openStreams);
    return peer;
  }

  download(request: { count: number; size: number }, receive: Receive): Promise<void> {
    return receiveAll(this.#bench.download(request), receive);
  }

  upload(messages: Iterable<{ data: Bytes }>): Promise<UploadReply> {
    return this.#bench.upload(messages);
  }

  exchange(messages: Iterable<{ data: Bytes }>, receive: Receive): Promise<void> {
    return receiveAll(this.#bench.exchange(messages), receive);
  }

  async close(): Promise<void> {
    this.#closeStreams?.();
    for (const other of this.#others) await other.close();
    await this.transport.close();
  }
}

async function receiveAll(replies: AsyncIterable<Payload>, receive: Receive): Promise<void> {
  for await (const { data } of replies) receive(data);
}
