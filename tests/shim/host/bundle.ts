import { clearAway } from "./clear_away.ts";
import { freshId } from "./fresh_id.ts";
import type { Marks } from "./marks.ts";
import { makeRootfs } from "./rootfs.ts";
import { containerSpec, type SpecOptions } from "./spec.ts";

/** Options for {@linkcode makeBundle}. Addresses and namespaces are those that shims of it are started with. */
export interface BundleOptions extends SpecOptions, Pick<Marks, "addresses" | "namespaces"> {
  /**
   * The container's id. One that is used again gets the same socket.
   *
   * @default A fresh one.
   */
  id?: string;
}

/** A folder with all that a container is made of. Disposing of it ends the container by force, if it still runs. */
export interface Bundle extends AsyncDisposable {
  /** The container's id, and the folder's name. */
  readonly id: string;
  /** The folder. */
  readonly path: string;
  /** What tells the container from all others: what bears them must be gone before the bundle is. */
  readonly marks: Marks;
}

/** Makes a bundle in a temporary folder. */
export async function makeBundle(options: BundleOptions = {}): Promise<Bundle> {
  const { id = freshId(), addresses, namespaces } = options;
  const marks = { ids: [id], addresses, namespaces };
  const parent = await Deno.makeTempDir({ prefix: "ttrpc-bundle-" });
  const path = `${parent}/${id}`;
  const dispose = () => clearAway({ ...marks, folders: [parent] });
  try {
    await makeRootfs(`${path}/rootfs`);
    await Deno.writeTextFile(`${path}/config.json`, JSON.stringify(containerSpec(options), null, 2));
  } catch (error) {
    await dispose();
    throw error;
  }
  return { id, path, marks, [Symbol.asyncDispose]: dispose };
}
