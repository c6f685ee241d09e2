import { assertEquals, assertThrows } from "@std/assert";
import { type ConnectionOptions, resolveConnectionOptions } from "../../src/connection/connection_options.ts";

const DEFAULTS = {
  readMaxBytes: 4_194_304,
  writeMaxBytes: 4_194_304,
  sendBufferBytes: 1_048_576,
  streamBufferBytes: 1_048_576,
  connectionBufferBytes: 16_777_216,
  stallTimeoutMs: 1_000,
  maxPauseMs: 30_000,
  writeStallTimeoutMs: 60_000,
};

Deno.test("[F2] resolveConnectionOptions() fills in the defaults", { permissions: "none" }, () => {
  assertEquals(resolveConnectionOptions({}), DEFAULTS);
  assertEquals(resolveConnectionOptions({ readMaxBytes: undefined }), DEFAULTS);
  assertEquals(resolveConnectionOptions({ sendBufferBytes: 5 }), { ...DEFAULTS, sendBufferBytes: 5 });
});

const RANGES: [name: keyof ConnectionOptions, least: number, most: number][] = [
  ["readMaxBytes", 0, 16_777_215],
  ["writeMaxBytes", 1024, 16_777_215],
  ["sendBufferBytes", 1, Number.MAX_SAFE_INTEGER],
  ["streamBufferBytes", 1, Number.MAX_SAFE_INTEGER],
  ["connectionBufferBytes", 1, Number.MAX_SAFE_INTEGER],
];

for (const name of ["stallTimeoutMs", "maxPauseMs", "writeStallTimeoutMs"] as const) {
  Deno.test(`resolveConnectionOptions() holds ${name} to its range`, { permissions: "none" }, () => {
    for (const ms of [0, 0.5, Infinity]) assertEquals(resolveConnectionOptions({ [name]: ms })[name], ms);
    for (const ms of [-1, NaN, -Infinity]) {
      assertThrows(() => resolveConnectionOptions({ [name]: ms }), RangeError, `Cannot use ${ms} as ${name}`);
    }
  });
}

for (const [name, least, most] of RANGES) {
  Deno.test(`resolveConnectionOptions() holds ${name} to its range`, { permissions: "none" }, () => {
    for (const value of [least, most]) assertEquals(resolveConnectionOptions({ [name]: value })[name], value);
    for (const value of [least - 1, most + 1, least + 0.5, NaN, Infinity]) {
      const message = `Cannot use ${value} as ${name}: not a whole number from ${least} to ${most}`;
      assertThrows(() => resolveConnectionOptions({ [name]: value }), RangeError, message);
    }
  });
}
