import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

/**
 * Gives a message back that is of the type that is due, or just has its fields.
 *
 * @throws {TypeError} If it is a message of another type.
 */
export function requireType<Desc extends DescMessage, Init extends MessageInitShape<Desc>>(
  desc: Desc,
  message: Init,
): Init {
  const { $typeName } = message;
  if ($typeName === undefined || $typeName === desc.typeName) return message;
  throw new TypeError(`Cannot use a ${$typeName}: a ${desc.typeName} is due`);
}
