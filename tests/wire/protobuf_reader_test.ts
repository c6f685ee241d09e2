import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ProtobufReader } from "../../src/wire/protobuf_reader.ts";

const PURE = { permissions: "none" } as const;
const TOO_SHORT = "Unexpected end of message";

function reader(hex: string): ProtobufReader {
  return new ProtobufReader(Uint8Array.fromHex(hex.replaceAll(" ", "")));
}

const INT64S: [hex: string, value: bigint][] = [
  ["00", 0n],
  ["7f", 127n],
  ["8001", 128n],
  ["ffffffff0f", 0xffffffffn],
  ["ffffffffffffffff7f", 2n ** 63n - 1n],
  ["80808080808080808001", -(2n ** 63n)],
  ["ffffffffffffffffff01", -1n],
  // Longer than they need to be.
  ["8000", 0n],
  ["81808080808080808000", 1n],
];

Deno.test("ProtobufReader.int64() reads every varint of at most 64 bits", PURE, () => {
  for (const [hex, value] of INT64S) {
    const message = reader(hex);
    assertEquals(message.int64(), value, hex);
    assert(message.isAtEnd, hex);
  }
});

Deno.test("ProtobufReader.int64() refuses what has more bits, more bytes, or no end", PURE, () => {
  for (const hex of ["80808080808080808002", "ffffffffffffffffff7f", "8080808080808080808000"]) {
    assertThrows(() => reader(hex).int64(), Error, "Invalid varint");
  }
  for (const hex of ["", "80", "ffffffffffffffffff"]) {
    assertThrows(() => reader(hex).int64(), Error, TOO_SHORT);
  }
});

Deno.test("[E4] ProtobufReader.int32() keeps the sign, and the low bits of a longer number", PURE, () => {
  const cases: [hex: string, value: number][] = [
    ["e724", 4711],
    ["ffffffff07", 2 ** 31 - 1],
    ["8080808008", -(2 ** 31)],
    ["ffffffffffffffffff01", -1],
    ["ffffffff0f", -1],
    ["8180808010", 1],
  ];
  for (const [hex, value] of cases) assertEquals(reader(hex).int32(), value, hex);
});

Deno.test("ProtobufReader.tag() reads field numbers from 1 to 2^29-1", PURE, () => {
  assertEquals(reader("08").tag(), 8);
  assertEquals(reader("faffffff0f").tag(), (2 ** 29 - 1) * 8 + 2);
  assertThrows(() => reader("02").tag(), Error, "Invalid field number 0");
  for (const hex of ["8080808010", "888080808000"]) {
    assertThrows(() => reader(hex).tag(), Error, "Invalid varint");
  }
});

Deno.test("ProtobufReader.bytes() gives a view, and never one that ends elsewhere", PURE, () => {
  const bytes = new Uint8Array([2, 7, 8, 0]);
  const message = new ProtobufReader(bytes);
  const view = message.bytes();
  assertEquals(view, new Uint8Array([7, 8]));
  assertStrictEquals(view.buffer, bytes.buffer);
  assertEquals(message.bytes(), new Uint8Array(0));
  assert(message.isAtEnd);
  for (const hex of ["", "01", "0300", "ffffffff0f00"]) {
    assertThrows(() => reader(hex).bytes(), Error, TOO_SHORT);
  }
});

Deno.test("ProtobufReader.string() reads UTF-8 as it stands, and nothing else", PURE, () => {
  assertEquals(reader("00").string(), "");
  assertEquals(reader("06 c3 bc 00 ef bb bf").string(), "ü\0\ufeff");
  assertEquals(reader("04 ef bb bf 61").string(), "\ufeffa");
  // A byte alone, a sequence cut short, too long a sequence, half a surrogate pair, above U+10FFFF.
  for (const hex of ["01 ff", "02 e2 82", "02 c0 80", "03 ed a0 80", "04 f4 90 80 80"]) {
    assertThrows(() => reader(hex).string(), TypeError, undefined, hex);
    assertEquals(reader("0161").string(), "a");
  }
});

const SKIPPED: [name: string, hex: string][] = [
  ["varint", "38 ffffffffffffffffff01"],
  ["fixed 64", "39 0102030405060708"],
  ["empty bytes", "3a 00"],
  ["bytes", "3a 03 0b0c0d"],
  ["fixed 32", "3d 01020304"],
  ["empty group", "3b 3c"],
  ["group with a field of each type", "3b 0801 0900000000000000ff 1202abcd 1b1c 2500000000 3c"],
  ["group in a group of the same number", "3b 3b 0801 3c 3c"],
  ["field number above 15", "8201 01 00"],
];

Deno.test("[E2] ProtobufReader.skip() passes over a field of any type, and no further", PURE, () => {
  for (const [name, hex] of SKIPPED) {
    const message = reader(`${hex} 2a`);
    message.skip(message.tag());
    assertEquals(message.tag(), 0x2a, name);
    assert(message.isAtEnd, name);
  }
});

Deno.test("ProtobufReader.skip() throws at a field that is cut short anywhere", PURE, () => {
  for (const [name, hex] of SKIPPED) {
    const whole = Uint8Array.fromHex(hex.replaceAll(" ", ""));
    for (let length = hex.indexOf(" ") / 2; length < whole.length; length++) {
      const message = new ProtobufReader(whole.subarray(0, length));
      const tag = message.tag();
      assertThrows(() => message.skip(tag), Error, TOO_SHORT, `${name}, ${length} bytes`);
    }
  }
});

Deno.test(
  "ProtobufReader.skip() refuses wire types that don't exist, and groups that end wrong",
  PURE,
  () => {
    const cases: [hex: string, message: string][] = [
      ["0c", "Invalid wire type 4"],
      ["0e", "Invalid wire type 6"],
      ["0f", "Invalid wire type 7"],
      ["0b 0f", "Invalid wire type 7"],
      ["0b 14", "Invalid end of group"],
      ["0b 13 0c 14", "Invalid end of group"],
      ["0b 00", "Invalid field number 0"],
    ];
    for (const [hex, expected] of cases) {
      const message = reader(hex);
      const tag = message.tag();
      assertThrows(() => message.skip(tag), Error, expected, hex);
    }
  },
);

Deno.test("ProtobufReader.skip() takes groups within groups, up to 100 of them", PURE, () => {
  const deepest = reader("0b".repeat(100) + "0c".repeat(100));
  deepest.skip(deepest.tag());
  assert(deepest.isAtEnd);
  const deeper = reader("0b".repeat(101) + "0c".repeat(101));
  const tag = deeper.tag();
  assertThrows(() => deeper.skip(tag), Error, "Groups nest too deep");
});
