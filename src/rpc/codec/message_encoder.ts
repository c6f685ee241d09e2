import type { DescMessage } from "@bufbuild/protobuf";
import * as bytes from "./bytes.ts";
import { check } from "./check.ts";
import { compile } from "./compile.ts";
import { encoderSource } from "./encoder_source.ts";
import * as fixed from "./fixed.ts";
import { lengths } from "./lengths.ts";
import { boolKey, keysOf } from "./map_entries.ts";
import { structOf } from "./struct_json.ts";
import * as text from "./text.ts";
import * as unknownFields from "./unknown_fields.ts";
import * as checks from "./value_checks.ts";
import * as varints from "./varints.ts";

/**
 * The two passes over messages of one type. `lengths` has to be told when either begins, and the write pass
 * relies on what the size pass checked.
 *
 * Both throw if they meet what they are not made for; it may be proper all the same.
 */
export interface MessageEncoder {
  /**
   * How many bytes a message takes.
   *
   * @param inCreated Whether the message is a part of one that `create` made, so that fields alone won't do.
   */
  size(message: unknown, inCreated: boolean): number;
  /** Writes a message, and gives the index behind it. */
  write(message: unknown, out: Uint8Array, at: number): number;
}

/** All that compiled encoders call. */
const SCOPE = {
  ...bytes,
  ...checks,
  ...fixed,
  ...text,
  ...unknownFields,
  ...varints,
  boolKey,
  check,
  keysOf,
  lengths,
  OTHER_CASE: Symbol("other case"),
  structOf,
};

const encoders = new WeakMap<DescMessage, MessageEncoder>();

/**
 * The encoder of a type, compiled when it is first asked for.
 *
 * @throws {EvalError} If the runtime forbids to make code of strings.
 */
export function messageEncoder(desc: DescMessage): MessageEncoder {
  let encoder = encoders.get(desc);
  if (encoder === undefined) {
    encoder = compile<MessageEncoder>(desc, encoderSource, messageEncoder, SCOPE);
    encoders.set(desc, encoder);
  }
  return encoder;
}
