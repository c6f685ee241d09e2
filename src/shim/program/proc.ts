import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";

/**
 * Makes sure that processes can be looked at, before there is one that would have to be ended.
 *
 * @throws {TtrpcError} With code 7 if Deno may not, 12 if the system has no `/proc`, as a rejection.
 */
export async function requireProc(): Promise<void> {
  try {
    await Deno.readLink("/proc/self");
  } catch (cause) {
    const mayNot = cause instanceof Deno.errors.NotCapable;
    const message = mayNot
      ? "Cannot look at the processes of shims: Deno gives access to /proc only with all permissions, " +
        "run again with --allow-all"
      : "Cannot look at the processes of shims: there is no /proc, as Linux has it";
    const code = mayNot ? Code.PermissionDenied : Code.Unimplemented;
    throw new TtrpcError(message, code, { cause, requestSent: false });
  }
}

/**
 * Looks at something of a process, or of what a process leaves.
 *
 * @returns Undefined for what is gone, or about to go, or somebody else's: the system says so in three ways.
 */
export async function lookAt<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    const isGone = error instanceof NotFound || error instanceof PermissionDenied ||
      error instanceof Error && error.message.includes("os error 3)");
    if (isGone) return undefined;
    throw error;
  }
}

/** The numbers of all processes. */
export async function processNumbers(): Promise<number[]> {
  const entries = await Array.fromAsync(Deno.readDir("/proc"));
  return entries.map(({ name }) => Number(name)).filter((pid) => pid > 0);
}
