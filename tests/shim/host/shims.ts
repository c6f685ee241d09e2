import { runtime } from "./runtime.ts";
import type { Shim } from "./shim.ts";
import { findShimSources, type ShimSource } from "./shim_sources.ts";

/** The shims that tests run with. */
export class Shims {
  readonly #sources: readonly ShimSource[];

  private constructor(sources: readonly ShimSource[]) {
    this.#sources = sources;
  }

  /** Looks for them. Tests with one that is not to be had are ignored, unless the environment has `CI`. */
  static async find(): Promise<Shims> {
    const sources = await findShimSources();
    for (const [obstacle, ignored] of Map.groupBy(sources.filter(isIgnored), ({ obstacle }) => obstacle)) {
      const names = ignored.map(({ name }) => name).join(", ");
      // A name is printed where output is not, as with `--quiet`.
      Deno.test.ignore(`Tests with shims of ${names}: ${obstacle}`, () => {});
    }
    return new Shims(sources);
  }

  /** A test with each shim. */
  test(name: string, run: (shim: Shim) => Promise<void>): void {
    this.#register(name, run, false);
  }

  /** A test with each shim of what only real containers have. */
  testReal(name: string, run: (shim: Shim) => Promise<void>): void {
    this.#register(name, run, !runtime.isReal);
  }

  #register(name: string, run: (shim: Shim) => Promise<void>, ignore: boolean): void {
    for (const source of this.#sources) {
      Deno.test({
        name: `${name} (${source.name})`,
        ignore: ignore || isIgnored(source),
        fn: async () => await run(await source.get()),
      });
    }
  }
}

/** All of them. */
export const shims: Shims = await Shims.find();

function isIgnored({ obstacle }: ShimSource): boolean {
  return obstacle !== undefined && !Deno.env.get("CI");
}
