import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type Address, formatAddress, formatHost, type NetAction } from "./address.ts";

/**
 * The error of a connection that could not be made: code 14, or 7 for a missing permission, the action, the
 * address, and the way out where there is one.
 *
 * @param moreFlags What is needed besides the flags for the address, each after a blank.
 */
export function netError(action: NetAction, address: Address, cause: unknown, moreFlags = ""): TtrpcError {
  const name = formatAddress(address);
  const message = `Cannot ${action} ${name}: ${explain(action, address, cause, moreFlags)}`;
  return new TtrpcError(message, codeOf(cause), { cause, requestSent: false });
}

/** Only what may be better at the next attempt is unavailable. */
function codeOf(cause: unknown): Code {
  if (cause instanceof Deno.errors.NotCapable) return Code.PermissionDenied;
  return cause instanceof TypeError ? Code.InvalidArgument : Code.Unavailable;
}

function explain(action: NetAction, address: Address, cause: unknown, moreFlags: string): string {
  const { errors } = Deno;
  if (cause instanceof errors.NotCapable) {
    return missingPermission(cause.message, neededFlags(action, address) + moreFlags);
  }
  if (cause instanceof errors.ConnectionRefused) return "Connection refused; nobody listens there";
  if (cause instanceof errors.ConnectionReset) return "Connection reset; nobody listens there";
  if (cause instanceof errors.TimedOut) return "Connection timed out; nobody answers there";
  if (cause instanceof errors.AddrInUse) return "Address in use by a live server";
  if (cause instanceof errors.AddrNotAvailable) return "Not an address of this machine";
  const { rawMessage } = TtrpcError.from(cause);
  switch (address.kind) {
    case "tcp":
      return rawMessage.startsWith("failed to lookup address") ? "Host not found" : rawMessage;
    case "vsock":
      return explainVsock(rawMessage);
    default:
      return explainFile(action, cause, rawMessage);
  }
}

function explainFile(action: NetAction, cause: unknown, message: string): string {
  const connects = action === "connect to";
  if (cause instanceof Deno.errors.NotFound) {
    return connects ? "No such file or directory; is the server running?" : "No such directory";
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return `Permission denied by the system; check the ${connects ? "socket" : "folder"}'s owner and mode`;
  }
  return message;
}

/** Systems without vsock say: no such device, no such address family, or network unreachable. */
function explainVsock(message: string): string {
  return /os error (19|97|101)\b/.test(message) ? "This machine has no vsock device" : message;
}

/** Deno's own message names one flag at a time; a socket file needs three. */
function missingPermission(message: string, flags: string): string {
  const kind = /^Requires (\w+) access/.exec(message)?.[1] ?? "net";
  return `Requires ${kind} access, run again with ${flags}`;
}

function neededFlags(action: NetAction, address: Address): string {
  if (address.kind === "abstract") return "--allow-net";
  if (address.kind === "tcp") return `--allow-net=${formatHost(address)}`;
  if (address.kind === "vsock") return `--allow-net=vsock:${address.cid}:${address.port}`;
  const { path } = address;
  // Deno takes no relative socket in a flag, and a comma or a blank would cut it.
  return action === "connect to" && /^\/[^\s,]+$/.test(path)
    ? `--allow-read=${path} --allow-write=${path} --allow-net=unix:${path}`
    : "--allow-read --allow-write --allow-net";
}
