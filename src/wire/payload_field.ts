import { WireType } from "./protobuf_reader.ts";
import { varintBytes, writeVarint } from "./varint.ts";

/** How many bytes the tag and length before a payload take: none for an empty one, which is left out. */
export function payloadPrefixBytes(payloadBytes: number): number {
  return payloadBytes === 0 ? 0 : 1 + varintBytes(payloadBytes);
}

/** Whether a payload makes up most of its frame's body: a small one that is kept must not keep all of that. */
export function isMostOf(payload: Uint8Array, body: Uint8Array): boolean {
  return 2 * payload.length > body.length;
}

/**
 * Writes the tag and length before a payload of an envelope.
 *
 * @param field The payload's field number: 3 in a Request, 2 in a Response.
 * @returns The index of the payload's first byte.
 */
export function writePayloadPrefix(out: Uint8Array, at: number, field: number, payloadBytes: number): number {
  if (payloadBytes === 0) return at;
  out[at] = field * 8 + WireType.LengthDelimited;
  return writeVarint(out, at + 1, payloadBytes);
}
