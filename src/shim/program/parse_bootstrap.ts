import { fromBinary } from "@bufbuild/protobuf";
import { BootstrapResultSchema } from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { parseAddress } from "../../net/address.ts";
import { dialAddress } from "../dial_address.ts";
import { quote } from "../quote.ts";

/** Where a shim serves, and how it is spoken to. */
export interface ShimEndpoint {
  /** Version of its service Task. */
  readonly version: 2 | 3;
  /** The address as the shim wrote it; `dialAddress` makes one of it that can be connected to. */
  readonly address: string;
  /** The protocol. Shims of other projects may speak `grpc`, but those are refused. */
  readonly protocol: "ttrpc";
}

/** What a shim may say about itself, before anyone has looked whether it makes sense. */
interface Claim {
  version: number;
  address: string;
  protocol: string;
}

/** What does not belong into a line of text: an address has none of it, protobuf and several lines do. */
const NO_TEXT = /[\p{Cc}\ufffd]/u;

/**
 * Reads what a shim has printed when it was run with the action `start`: a message of protobuf (containerd 2.3
 * and later), JSON (2.0 and later), or just an address (before). The files `bootstrap.json` and `address` of a
 * bundle have the latter two.
 *
 * @throws {TtrpcError} With code 13 if there is nothing, or nothing that is understood; with code 12 if the
 * shim's version or protocol is none that this module speaks. The message shows what was printed.
 */
export function parseBootstrap(output: Uint8Array): ShimEndpoint {
  const text = new TextDecoder().decode(output).trim();
  if (text === "") {
    throw new TtrpcError("Cannot tell where the shim serves: it printed nothing", Code.Internal);
  }
  const claim = parseMessage(output) ?? parseJson(text) ?? parseText(text);
  if (claim === undefined) throw refusal("that is no address", output, Code.Internal);
  const { version, address, protocol } = claim;
  if (version !== 2 && version !== 3) {
    throw refusal(`version ${version} of the service Task is neither 2 nor 3`, output, Code.Unimplemented);
  }
  if (protocol !== "ttrpc") {
    throw refusal(`its protocol is ${quote(protocol)} and not ttrpc`, output, Code.Unimplemented);
  }
  try {
    parseAddress(dialAddress(address));
  } catch {
    // What is wrong with it is told by showing it.
    throw refusal("that is no address", output, Code.Internal);
  }
  return { version, address, protocol };
}

function parseMessage(output: Uint8Array): Claim | undefined {
  try {
    const { version, address, protocol } = fromBinary(BootstrapResultSchema, output);
    if (version >= 2 && address !== "") return { version, address, protocol: protocol || "ttrpc" };
  } catch {
    // Older shims print text, which is no protobuf.
  }
  return undefined;
}

function parseJson(text: string): Claim | undefined {
  try {
    const { version, address, protocol } = JSON.parse(text);
    if (typeof version !== "number" || typeof address !== "string" || address === "") return undefined;
    return { version, address, protocol: typeof protocol === "string" && protocol || "ttrpc" };
  } catch {
    // Still older shims print nothing but the address.
    return undefined;
  }
}

function parseText(text: string): Claim | undefined {
  if (text.startsWith("{") || NO_TEXT.test(text)) return undefined;
  return { version: 2, address: text, protocol: "ttrpc" };
}

function refusal(reason: string, output: Uint8Array, code: Code): TtrpcError {
  return new TtrpcError(`Cannot tell where the shim serves: ${reason}: ${quote(output)}`, code);
}
