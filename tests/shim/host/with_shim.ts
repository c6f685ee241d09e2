import type { CreateOptions, Shim, StartShimOptions, Task } from "../../../src/shim/mod.ts";
import type { Bundle, BundleOptions } from "./bundle.ts";
import { type Runtime, runtime as ours } from "./runtime.ts";
import { onScene } from "./scene.ts";
import type { Shim as Program } from "./shim.ts";
import { shims } from "./shims.ts";

/** Options for {@linkcode withShim}. */
export interface WithShimOptions extends BundleOptions, Pick<StartShimOptions, "debug" | "events"> {
  /**
   * What containers are made with.
   *
   * @default What this machine allows.
   */
  runtime?: Runtime;
}

/** What a test with a shim has. */
export interface ShimTest {
  /** The shim's program. */
  readonly program: Program;
  /** The shim. */
  readonly shim: Shim;
  /** What it was started for. */
  readonly bundle: Bundle;
  /** Makes a container with the test's runtime. */
  create(options?: CreateOptions): Promise<Task>;
  /** Makes one, and starts it. */
  run(options?: CreateOptions): Promise<Task>;
}

/** Starts a shim, and ends it. Of it, and of whatever is made with it, nothing may be left. */
export async function withShim(
  program: Program,
  options: WithShimOptions,
  use: (test: ShimTest) => Promise<void>,
): Promise<void> {
  const { debug = false, events = false, runtime: { binaryName } = ours } = options;
  await onScene(program, options, async ({ bundle, start }) => {
    await using shim = await start({ debug, events });
    const create = (options?: CreateOptions) => shim.create({ runc: { binaryName }, ...options });
    const run = async (options?: CreateOptions) => {
      const task = await create(options);
      await task.start();
      return task;
    };
    await use({ program, shim, bundle, create, run });
  });
}

/** Options for {@linkcode testWithShim}. */
export interface TestWithShimOptions extends Omit<WithShimOptions, "id"> {
  /**
   * Whether it needs what only real containers have.
   *
   * @default {false}
   */
  isReal?: boolean;
}

/** A test with each shim, of which nothing may be left. */
export function testWithShim(
  name: string,
  { isReal = false, ...options }: TestWithShimOptions,
  use: (test: ShimTest) => Promise<void>,
): void {
  const run = (program: Program) => withShim(program, options, use);
  if (isReal) shims.testReal(name, run);
  else shims.test(name, run);
}
