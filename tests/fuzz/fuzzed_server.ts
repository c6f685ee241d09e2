import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes";
import { createInteropClient, type InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport, type Duplex, memoryDuplex, serve, type Server, type Transport } from "../../mod.ts";
import { type Frame, FrameType } from "../../src/frame/mod.ts";
import { EMPTY } from "../call_frames.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { missingBytes } from "./framing.ts";
import type { FuzzCase } from "./fuzz_case.ts";
import { LIMITS } from "./limits.ts";
import { tame } from "./tame.ts";
import { mustBecome, mustSettle } from "../waiting.ts";

/** An even id, for a ping whose answer is not that of another one. */
const PING: Frame = { streamId: 0x7ffffff0, type: FrameType.Request, flags: 0, body: EMPTY };

/** A server that is attacked again and again, while another client goes on to use it. */
export class FuzzedServer implements AsyncDisposable {
  readonly #counts: HandlerCounts;
  readonly #incoming: ReadableStreamDefaultController<Duplex>;
  readonly #server: Server;
  readonly #witness: Transport;
  readonly #client: InteropClient;

  private constructor(
    incoming: ReadableStreamDefaultController<Duplex>,
    server: Server,
    counts: HandlerCounts,
  ) {
    this.#incoming = incoming;
    this.#server = server;
    this.#counts = counts;
    this.#witness = createTransport({ connect: () => Promise.resolve(this.#connect()) });
    this.#client = createInteropClient(this.#witness);
  }

  /** Starts a server, under the limits with an index. */
  static async start(limits: number): Promise<FuzzedServer> {
    const { promise, resolve } = Promise.withResolvers<ReadableStreamDefaultController<Duplex>>();
    const counts = new HandlerCounts();
    const server = await serve({
      ...LIMITS[limits],
      listener: new ReadableStream({ start: resolve }),
      routes: (router) => addServices(router, counts),
      interceptors: [tame],
      onError: () => {
        // What a server tells of broken calls is not what this is about.
      },
    });
    return new FuzzedServer(await promise, server, counts);
  }

  /** @throws {Error} If something is not as it must be. */
  async attack({ chunks, isHalfClosed }: FuzzCase): Promise<void> {
    using peer = new ScriptedPeer();
    this.#incoming.enqueue(peer.duplex);
    for (const chunk of chunks) peer.sendBytes(chunk);
    const missing = missingBytes(concat(chunks));
    peer.sendBytes(new Uint8Array(missing ?? 10));
    if (missing === undefined) {
      await mustSettle("the server closes a connection that no frame can follow on", broken(peer));
    } else {
      peer.send(PING);
      await mustSettle("the server answers a ping", answerOf(peer));
      if (isHalfClosed) await peer.closeWrite();
      else peer.close();
      await mustSettle("the server ends the connection", broken(peer));
    }
    const { text } = await mustSettle(
      "the other client's call",
      this.#client.echo({ text: "me", plain: true }),
    );
    assertEquals(text, "me");
    await mustSettle("the handlers settle", this.#counts.idle);
    await mustBecome(
      () => `the gauges come back: ${Deno.inspect(this.#server.stats())}`,
      () => this.#isIdle(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#witness.close();
    await this.#server.shutdown({ graceMs: 0 });
  }

  #isIdle(): boolean {
    const { connections, openCalls, runningHandlers, queuedBytes } = this.#server.stats();
    return connections <= 1 && openCalls + runningHandlers + queuedBytes === 0;
  }

  #connect(): Duplex {
    const [ours, theirs] = memoryDuplex();
    this.#incoming.enqueue(theirs);
    return ours;
  }
}

async function answerOf(peer: ScriptedPeer): Promise<void> {
  while ((await peer.next()).streamId !== PING.streamId);
}

/** Resolves once the other side has ended the connection, in whatever way. */
async function broken(peer: ScriptedPeer): Promise<void> {
  try {
    await peer.rest();
  } catch {
    // Broken off is ended too.
  }
}
