import { type TemporarySocket, temporarySocket } from "../../tests/interop/temporary_socket.ts";
import { rssKib } from "./process_usage.ts";
import { Program } from "./program.ts";
import type { Programs } from "./sides/side.ts";

/** How a pair of processes is run. */
export interface PairOptions {
  /** Both on the first CPU. */
  isPinned: boolean;
  /** Arguments of the server, beside the socket. */
  serverArgs: readonly string[];
  /** Whether it does some work before it is measured. */
  isWarm: boolean;
}

/** How long each kind of work is done to warm up. */
export interface WarmUp {
  /** For so many seconds, */
  seconds: number;
  /** and until so many calls or messages are done, unless that takes too long. */
  done: number;
}

/** What a client says of a row. */
export interface Answer {
  /** How many calls or messages were done, */
  done: number;
  /** in so much time. */
  seconds: number;
}

/** The word of a client that something did not work. It and the server are fit for more. */
export class Refusal extends Error {}

/** Milliseconds that a program may take to start, and a client to answer beyond the time it was told. */
const PATIENCE_MS = 30_000;

/** How often a work is begun anew to warm up. */
const MAX_TURNS = 20;

/** A server and a client of one side, each a process of its own. */
export class Pair implements AsyncDisposable {
  readonly server: Program;
  readonly client: Program;
  /** Memory of the server before it was called. */
  startRssKib = 0;
  /** Where the server listens. */
  readonly socket: string;
  readonly #folder: TemporarySocket;

  private constructor(programs: Programs, socket: TemporarySocket, { isPinned, serverArgs }: PairOptions) {
    this.socket = socket.path;
    this.#folder = socket;
    this.server = new Program([...programs.server, socket.path, ...serverArgs], isPinned);
    this.client = new Program([...programs.client, socket.path], isPinned);
  }

  /**
   * Starts the server and the client, and has them warm up.
   *
   * @throws {Error} If they don't start, or can't do what they warm up with, as a rejection.
   */
  static async start(programs: Programs, options: PairOptions, warmUp: WarmUp): Promise<Pair> {
    const pair = new Pair(programs, await temporarySocket(), options);
    try {
      await pair.server.answer(PATIENCE_MS);
      pair.startRssKib = rssKib(pair.server.pid);
      await pair.#warmUp(options.isWarm ? programs.warmUp : [], warmUp);
      return pair;
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      const why = error instanceof Error ? error.message : error;
      throw new Error(`Cannot start a server and a client: ${why}`, { cause: error });
    }
  }

  /**
   * Has the client do something.
   *
   * @throws {Refusal} If it can't, as a rejection.
   * @throws {Error} If one of the processes has ended or does not answer, as a rejection.
   */
  async ask(work: object, seconds = 0): Promise<Answer> {
    const line = await this.client.ask(JSON.stringify({ ...work, seconds }), PATIENCE_MS + seconds * 1000);
    const { error, done, seconds: taken } = JSON.parse(line);
    if (error) throw new Refusal(error);
    return { done, seconds: taken };
  }

  async #warmUp(works: readonly object[], { seconds, done }: WarmUp): Promise<void> {
    await this.ask({ kind: "open" });
    for (const work of works) {
      for (let turn = 0, sum = 0; turn === 0 || sum < done && turn < MAX_TURNS; turn++) {
        sum += (await this.ask(work, seconds)).done;
      }
    }
    await this.ask({ kind: "close" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
