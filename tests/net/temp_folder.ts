/** A folder that is removed with all that is in it when it is disposed of. */
export class TempFolder implements Disposable {
  /** Its absolute path. */
  readonly path = Deno.makeTempDirSync({ prefix: "ttrpc" });

  /** The path of a file in it. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** The names of what is in it. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A name in the abstract namespace that nobody else has. */
export function abstractAddress(): string {
  return `unix://@ttrpc-test-${crypto.randomUUID()}`;
}
