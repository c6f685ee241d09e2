import {
  type CreateOptions,
  type Shim,
  startShim,
  type StartShimOptions,
  type Task,
} from "../../../src/shim/mod.ts";
import { TempFolder } from "../../net/temp_folder.ts";
import { type Bundle, type BundleOptions, makeBundle } from "./bundle.ts";
import { assertNothingLeft, takeSnapshot } from "./leftovers.ts";
import { runtime } from "./runtime.ts";
import type { Shim as Program } from "./shim.ts";

/** What a test of faults has: a bundle, and a shim's program that it may start as often as it likes. */
export interface Scene {
  /** The shim's program. */
  readonly program: Program;
  /** What shims are started for. */
  readonly bundle: Bundle;
  /** A folder of its own, in which temporary files are as well. */
  readonly folder: string;
  /** Starts a shim. */
  start(options?: Partial<StartShimOptions>): Promise<Shim>;
  /** Makes a container, with what this machine allows for a runtime. */
  create(shim: Shim, options?: CreateOptions): Promise<Task>;
}

/** Sets a scene, of which nothing may be left once the test is over. */
export async function onScene(
  program: Program,
  options: BundleOptions,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using bundle = await makeBundle(options);
  using temporary = new TemporaryFiles();
  const before = takeSnapshot({ ...bundle.marks, folders: [temporary.path] });
  const { id, path } = bundle;
  await use({
    program,
    bundle,
    folder: temporary.path,
    start: (more) => startShim({ id, bundle: path, path: program.path, ...more }),
    create: (shim, more) => shim.create({ runc: { binaryName: runtime.binaryName }, ...more }),
  });
  await assertNothingLeft(before);
}

/** Where this process, and the programs that it runs, have their temporary files meanwhile. */
class TemporaryFiles extends TempFolder {
  readonly #before = Deno.env.get("TMPDIR");

  constructor() {
    super();
    Deno.env.set("TMPDIR", this.path);
  }

  override [Symbol.dispose](): void {
    if (this.#before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", this.#before);
    super[Symbol.dispose]();
  }
}
