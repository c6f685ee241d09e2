import { assertEquals, assertThrows } from "@std/assert";
import { type ConnectionOptions, resolveConnectionOptions } from "../../src/connection/connection_options.ts";

const DEFAULTS = { readMaxBytes: 4_194_304, writeMaxBytes: 4_194_304, sendBufferBytes: 1_048_576 };

Deno.test("[F2] resolveConnectionOptions() fills in the defaults", { permissions: "none" }, () => {
  assertEquals(resolveConnectionOptions({}), DEFAULTS);
  assertEquals(resolveConnectionOptions({ readMaxBytes: undefined }), DEFAULTS);
  assertEquals(resolveConnectionOptions({ sendBufferBytes: 5 }), { ...DEFAULTS, sendBufferBytes: 5 });
});

const RANGES: [name: keyof ConnectionOptions, least: number, most: number][] = [
  ["readMaxBytes", 0, 16_777_215],
  ["writeMaxBytes", 1024, 16_777_215],
  ["sendBufferBytes", 1, Number.MAX_SAFE_INTEGER],
];

for (const [name, least, most] of RANGES) {
  Deno.test(`resolveConnectionOptions() holds ${name} to its range`, { permissions: "none" }, () => {
    for (const value of [least, most]) assertEquals(resolveConnectionOptions({ [name]: value })[name], value);
    for (const value of [least - 1, most + 1, least + 0.5, NaN, Infinity]) {
      const message = `Cannot use ${value} as ${name}: not a whole number from ${least} to ${most}`;
      assertThrows(() => resolveConnectionOptions({ [name]: value }), RangeError, message);
    }
  });
}
