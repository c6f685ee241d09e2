import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "../../rpc/code.ts";
import { requireType } from "../../rpc/require_type.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";

/**
 * Packs a message as containerd does: the type is its bare name.
 *
 * `anyPack` of protobuf-es writes `type.googleapis.com/` before it, which shims of containerd 1.6 refuse.
 *
 * @param schema Describes the message.
 * @param init The message, or its fields; an empty one if not given.
 * @throws {TypeError} If `init` is a message of another type.
 *
 * @example Usage
 * ```ts
 * import { packAny, RuncOptionsSchema } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const options = packAny(RuncOptionsSchema, { binaryName: "crun" });
 * assertEquals(options.typeUrl, "containerd.runc.v1.Options");
 * ```
 */
export function packAny<Desc extends DescMessage>(schema: Desc, init?: MessageInitShape<Desc>): Any {
  const message = create(schema, init === undefined ? undefined : requireType(schema, init));
  return create(AnySchema, { typeUrl: schema.typeName, value: toBinary(schema, message) });
}

/**
 * Unpacks a message, whether its type is the bare name, `/name`, or has anything else before the slash.
 *
 * @param any What was packed; `undefined` for a field that is missing.
 * @param schema Describes the message that is due.
 * @returns The message, or `undefined` if there is none or one of another type.
 * @throws {TtrpcError} With code 13 if the bytes are no such message.
 *
 * @example Usage
 * ```ts
 * import { packAny, RuncOptionsSchema, RuncProcessDetailsSchema, unpackAny } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const options = packAny(RuncOptionsSchema, { binaryName: "crun" });
 * assertEquals(unpackAny(options, RuncOptionsSchema)?.binaryName, "crun");
 * assertEquals(unpackAny(options, RuncProcessDetailsSchema), undefined);
 * ```
 */
export function unpackAny<Desc extends DescMessage>(
  any: Any | undefined,
  schema: Desc,
): MessageShape<Desc> | undefined {
  if (any === undefined || typeNameOf(any) !== schema.typeName) return undefined;
  try {
    return fromBinary(schema, any.value);
  } catch (cause) {
    throw cannotDecode(schema.typeName, cause);
  }
}

/** Name of the type of a packed message: what follows the last slash, if there is one. */
export function typeNameOf({ typeUrl }: Any): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

/** The error about packed bytes that are not what their type says. */
export function cannotDecode(type: string, cause: unknown): TtrpcError {
  const message = `Cannot decode a ${type}: ${TtrpcError.from(cause).rawMessage}`;
  return new TtrpcError(message, Code.Internal, { cause });
}
