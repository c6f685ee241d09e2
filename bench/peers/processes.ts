import { sleep } from "./sleep.ts";
import { Pair, type PairOptions } from "./pair.ts";
import type { Pace, Round } from "./rows/row.ts";
import type { Programs } from "./sides/side.ts";

/** The processes of one round, started when a row asks for them and ended with the round. */
export class Processes implements Round, AsyncDisposable {
  readonly pace: Pace;
  readonly programs: ReadonlyMap<string, Programs>;
  readonly #pairs = new Map<string, Promise<Pair>>();
  #rest: Promise<void> | undefined;

  constructor(programs: ReadonlyMap<string, Programs>, pace: Pace) {
    this.programs = programs;
    this.pace = pace;
  }

  readonly pair = (side: string, options: Partial<PairOptions> = {}): Promise<Pair> => {
    const { isPinned = false, serverArgs = [], isWarm = true } = options;
    const key = JSON.stringify([side, isPinned, serverArgs, isWarm]);
    const pair = this.#pairs.get(key) ?? this.#start(side, { isPinned, serverArgs, isWarm });
    this.#pairs.set(key, pair);
    return pair;
  };

  readonly rest = (): Promise<void> => this.#rest ??= sleep(this.pace.rest);

  /** Ends the processes of a side; the next row gets new ones. */
  async end(side: string): Promise<void> {
    const keys = [...this.#pairs.keys()].filter((key) => JSON.parse(key)[0] === side);
    await this.#end(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end([...this.#pairs.keys()]);
  }

  async #start(side: string, options: PairOptions): Promise<Pair> {
    const programs = this.programs.get(side);
    if (programs === undefined) throw new TypeError(`Cannot measure ${side}: there are no programs`);
    return await Pair.start(programs, options, this.pace.start);
  }

  async #end(keys: readonly string[]): Promise<void> {
    const pairs = keys.map((key) => this.#pairs.get(key));
    for (const key of keys) this.#pairs.delete(key);
    for (const pair of await Promise.allSettled(pairs)) {
      if (pair.status === "fulfilled") await pair.value?.[Symbol.asyncDispose]();
    }
  }
}
