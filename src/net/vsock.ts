const FLAG = "--unstable-vsock";

/**
 * Makes sure that Deno may use vsock: without its flag Deno ends the whole process at the first call.
 *
 * @throws {Error} If the flag is missing, as a rejection.
 */
export async function requireVsock(): Promise<void> {
  if (await isFlagMissing()) {
    throw new Error(
      `Deno's vsock is unstable, run again with ${FLAG}, or add "unstable": ["vsock"] to deno.json`,
    );
  }
}

/**
 * Whether Deno was surely started without the flag. Where that can't be told, as in a compiled program, Deno
 * itself names the flag as it ends.
 *
 * No API tells which flags there are, wherever they come from: command line, deno.json, a worker's parent.
 * But `fork` puts them before the arguments of a child, unless they stand there already: so the flag is
 * missing if the place of the last argument does not depend on whether the flag stands before it.
 */
async function isFlagMissing(): Promise<boolean> {
  if (Deno.build.standalone) return false;
  const { fork } = await import("node:child_process");
  const place = placeOfLast(fork, "--another");
  return place !== undefined && place === placeOfLast(fork, FLAG);
}

type Fork = typeof import("node:child_process").fork;

/** Where the last argument of a child would stand: being no valid one, it prevents that there is a child. */
function placeOfLast(fork: Fork, argument: string): string | undefined {
  // Only what is no string yet gets as far as to where the places are known.
  const invalid = { toString: () => "\0" };
  const options = { execPath: "/dev/null/none", execArgv: [], env: {} };
  try {
    const child: ReturnType<Fork> = Reflect.apply(fork, undefined, ["none", [argument, invalid], options]);
    // Some older version of Deno looks for the program first, and tells later that there is none.
    child.on("error", () => {});
    return undefined;
  } catch (error) {
    return error instanceof Error ? /args\[\d+\]/.exec(error.message)?.[0] : undefined;
  }
}
