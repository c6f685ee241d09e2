import { Random } from "../random.ts";
import { formatCase, type FuzzCase, makeCase, type Role } from "./fuzz_case.ts";
import { attackClient } from "./fuzzed_client.ts";
import { FuzzedServer } from "./fuzzed_server.ts";
import { LIMITS } from "./limits.ts";
import { readRecordings } from "./recordings.ts";
import { UnhandledErrors } from "./unhandled_errors.ts";

const MEBIBYTE = 1_048_576;
/** How much more memory the process may have than before: the largest case takes 16 MiB several times. */
const MOST_GROWTH_BYTES = 384 * MEBIBYTE;

/** What to do, and for how long. */
export interface FuzzOptions {
  seconds: number;
  /** The same seed makes the same cases. */
  seed: number;
  roles: readonly [Role, ...Role[]];
}

/**
 * Attacks ours with recorded sessions that were changed at random.
 *
 * @returns A line about what was done.
 * @throws {Error} If a case broke something; it tells the seed, and the case so that it can be run again.
 */
export async function fuzz({ seconds, seed, roles }: FuzzOptions): Promise<string> {
  const recordings = await readRecordings();
  const random = new Random(seed);
  const before = Deno.memoryUsage().rss;
  const start = performance.now();
  let cases = 0;
  await using attack = await Attack.prepare();
  let elapsed = 0;
  for (; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
    const one = makeCase(random.pick(roles), recordings, 1 + random.below(2 ** 32 - 1));
    try {
      await attack.run(one);
      assertBounded(Deno.memoryUsage().rss - before);
    } catch (cause) {
      throw new Error(`Case ${cases} of seed ${seed} broke something:\n${formatCase(one)}`, { cause });
    }
    cases++;
  }
  const grown = (Deno.memoryUsage().rss - before) / MEBIBYTE;
  const perSecond = Math.round(cases / elapsed);
  return `seed ${seed}: ${cases} cases of ${roles.join(" and ")}, ${perSecond} per second, ` +
    `memory grew by ${grown.toFixed(0)} MiB`;
}

/** Runs one case. */
export async function runCase(one: FuzzCase): Promise<void> {
  await using attack = await Attack.prepare();
  await attack.run(one);
}

/** What is attacked: a server for each of the limits, which all cases share, and a client for each case. */
class Attack implements AsyncDisposable {
  readonly #servers: readonly FuzzedServer[];
  readonly #unhandled = new UnhandledErrors();

  private constructor(servers: readonly FuzzedServer[]) {
    this.#servers = servers;
  }

  static async prepare(): Promise<Attack> {
    return new Attack(await Promise.all(LIMITS.map((_, index) => FuzzedServer.start(index))));
  }

  async run(one: FuzzCase): Promise<void> {
    if (one.role === "client") await attackClient(one);
    else await this.#servers[one.limits]?.attack(one);
    this.#unhandled.assertNone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _unhandled = this.#unhandled;
    for (const server of this.#servers) await server[Symbol.asyncDispose]();
  }
}

function assertBounded(grownBytes: number): void {
  if (grownBytes > MOST_GROWTH_BYTES) throw new Error(`Memory grew by ${grownBytes} bytes`);
}
