import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type Address, formatAddress } from "./address.ts";

/** What failed: the first words of the error's message. */
export type NetAction = "connect to" | "listen on";

/**
 * The error of a connection that could not be made: code 14, the action, the address, and the way out where
 * there is one.
 */
export function netError(action: NetAction, address: Address, cause: unknown): TtrpcError {
  const name = formatAddress(address);
  const message = `Cannot ${action} ${name}: ${explain(action, address, cause)}`;
  return new TtrpcError(message, Code.Unavailable, { cause, requestSent: false });
}

function explain(action: NetAction, address: Address, cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) return missingPermission(action, address, cause.message);
  if (cause instanceof Deno.errors.NotFound) {
    return action === "connect to"
      ? "No such file or directory; is the server running?"
      : "No such directory";
  }
  if (cause instanceof Deno.errors.ConnectionRefused) return "Connection refused; nobody listens there";
  if (cause instanceof Deno.errors.PermissionDenied) {
    return action === "connect to"
      ? "Permission denied by the system; check the socket's owner and mode"
      : "Permission denied by the system; check the folder's owner and mode";
  }
  if (cause instanceof Deno.errors.AddrInUse) return "Address in use by a live server";
  return TtrpcError.from(cause).rawMessage;
}

/** Deno's own message names one flag at a time; a unix socket needs three. */
function missingPermission(action: NetAction, address: Address, message: string): string {
  const kind = /^Requires (\w+) access/.exec(message)?.[1] ?? "net";
  if (address.kind === "abstract") return `Requires ${kind} access, run again with --allow-net`;
  const { path } = address;
  // Deno takes no relative socket in a flag, and a comma or a blank would cut it.
  const flags = action === "connect to" && /^\/[^\s,]+$/.test(path)
    ? `--allow-read=${path} --allow-write=${path} --allow-net=unix:${path}`
    : "--allow-read --allow-write --allow-net";
  return `Requires ${kind} access, run again with ${flags}`;
}
