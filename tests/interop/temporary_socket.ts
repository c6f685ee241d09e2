/** A path for a socket, in a folder that goes with it. */
export interface TemporarySocket extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder for a socket; disposing of it removes the folder. */
export async function temporarySocket(): Promise<TemporarySocket> {
  const folder = await Deno.makeTempDir({ prefix: "ttrpc-" });
  return {
    path: `${folder}/s`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
