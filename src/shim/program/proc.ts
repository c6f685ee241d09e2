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
 * @returns Undefined for what is gone, or about to go, or somebody else's: the system says so in many ways.
 */
export async function lookAt<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

/** The numbers of all processes. */
export async function processNumbers(): Promise<number[]> {
  const entries = await Array.fromAsync(Deno.readDir("/proc"));
  return entries.map(({ name }) => Number(name)).filter((pid) => pid > 0);
}
