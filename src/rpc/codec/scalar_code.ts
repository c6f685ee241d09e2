import { ScalarType } from "@bufbuild/protobuf";
import { WireType } from "../../wire/protobuf_reader.ts";

/** The values of a scalar type in JavaScript, as pieces of source. */
interface ValueCode {
  /** The function that tells whether a value may be encoded. */
  readonly check: string;
  /** Expression for the value that a field has by default. */
  readonly zero: string;
  /** Expression that tells whether a field without presence is written for a value. */
  readonly isSet: (value: string) => string;
}

/** What compiled code does with the values of a scalar type, as pieces of source. */
export interface ScalarCode extends ValueCode {
  /** How the values are framed. */
  readonly wireType: number;
  /** The function for how many bytes a value takes, those of the tag not counted. */
  readonly size: string;
  /** The function that writes a value. */
  readonly write: string;
  /** The method of the reader. */
  readonly read: string;
}

const { Varint, Fixed32, Fixed64, LengthDelimited } = WireType;

const INT32: ValueCode = { check: "isInt32", zero: "0", isSet: (value) => `${value} !== 0` };
const UINT32: ValueCode = { ...INT32, check: "isUint32" };
// A field may have its numbers as text: "0" is not written either.
const INT64: ValueCode = { check: "isInt64", zero: "0n", isSet: (value) => `${value} != 0` };
const UINT64: ValueCode = { ...INT64, check: "isUint64" };
// -0 is written.
const DOUBLE: ValueCode = { check: "isDouble", zero: "0", isSet: (value) => `!Object.is(${value}, 0)` };
const FLOAT: ValueCode = { ...DOUBLE, check: "isFloat" };
const BOOL: ValueCode = { check: "isBool", zero: "false", isSet: (value) => `${value} !== false` };
const TEXT: ValueCode = { check: "isString", zero: '""', isSet: (value) => `${value} !== ""` };
const BYTES: ValueCode = { check: "isBytes", zero: "NO_BYTES", isSet: (value) => `!isEmpty(${value})` };

const CODES: Record<ScalarType, ScalarCode> = {
  [ScalarType.BOOL]: code(BOOL, Varint, "sizeOfBool", "writeBool", "bool"),
  [ScalarType.INT32]: code(INT32, Varint, "sizeOfInt32", "writeInt32", "int32"),
  [ScalarType.SINT32]: code(INT32, Varint, "sizeOfSint32", "writeSint32", "sint32"),
  [ScalarType.UINT32]: code(UINT32, Varint, "varintBytes", "writeVarint", "uint32"),
  [ScalarType.INT64]: code(INT64, Varint, "sizeOfInt64", "writeInt64", "int64"),
  [ScalarType.SINT64]: code(INT64, Varint, "sizeOfSint64", "writeSint64", "sint64"),
  [ScalarType.UINT64]: code(UINT64, Varint, "sizeOfInt64", "writeInt64", "uint64"),
  [ScalarType.FIXED32]: code(UINT32, Fixed32, "sizeOfFixed32", "writeFixed32", "fixed32"),
  [ScalarType.SFIXED32]: code(INT32, Fixed32, "sizeOfFixed32", "writeFixed32", "sfixed32"),
  [ScalarType.FLOAT]: code(FLOAT, Fixed32, "sizeOfFixed32", "writeFloat", "float"),
  [ScalarType.FIXED64]: code(UINT64, Fixed64, "sizeOfFixed64", "writeFixed64", "fixed64"),
  [ScalarType.SFIXED64]: code(INT64, Fixed64, "sizeOfFixed64", "writeFixed64", "sfixed64"),
  [ScalarType.DOUBLE]: code(DOUBLE, Fixed64, "sizeOfFixed64", "writeDouble", "double"),
  [ScalarType.STRING]: code(TEXT, LengthDelimited, "sizeOfString", "writeString", "string"),
  [ScalarType.BYTES]: code(BYTES, LengthDelimited, "sizeOfBytes", "writeBytes", "bytes"),
};

/** The code for a scalar type; enums have that of `INT32`. */
export function scalarCode(type: ScalarType): ScalarCode {
  return CODES[type];
}

function code(value: ValueCode, wireType: number, size: string, write: string, read: string): ScalarCode {
  return { ...value, wireType, size, write, read };
}
