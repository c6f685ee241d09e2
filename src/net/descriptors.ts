import type { Libc } from "./libc.ts";

/** Where the name stands in an entry of a folder, in bytes. */
const NAME_AT = 19;

/** The open descriptors of this process. */
export class Descriptors implements Disposable, Iterable<number> {
  readonly #libc: Libc;
  readonly #folder: Deno.PointerObject;

  /** @throws {Error} If the system shows none. */
  constructor(libc: Libc) {
    this.#libc = libc;
    // Held open: it can be read even when there is no further descriptor to be had. Through the library, since
    // Deno would want every permission there is.
    const folder = libc.symbols.opendir(new TextEncoder().encode("/proc/self/fd\0"));
    if (folder === null) throw new Error("Cannot read /proc/self/fd");
    this.#folder = folder;
  }

  *[Symbol.iterator](): Generator<number, void> {
    const { readdir, rewinddir } = this.#libc.symbols;
    rewinddir(this.#folder);
    for (let entry = readdir(this.#folder); entry !== null; entry = readdir(this.#folder)) {
      const fd = Number(Deno.UnsafePointerView.getCString(entry, NAME_AT));
      if (Number.isInteger(fd)) yield fd;
    }
  }

  [Symbol.dispose](): void {
    this.#libc.symbols.closedir(this.#folder);
  }
}
