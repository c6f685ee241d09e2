import { assertEquals, assertThrows } from "@std/assert";
import { constants } from "node:os";
import { signalNumber } from "../../../src/shim/task/signals.ts";

const NUMBERS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGXCPU: 24,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
  KILL: 9,
  term: 15,
  SigInt: 2,
  IOT: 6,
  SIGCLD: 17,
  SIGPOLL: 29,
  SIGRTMIN: 34,
  "RTMIN+3": 37,
  "sigrtmin+30": 64,
  RTMAX: 64,
  "SIGRTMAX-14": 50,
  "RTMAX-30": 34,
  "0": 0,
  "9": 9,
  "64": 64,
};

const UNKNOWN = ["", "SIG", "SIGNAL", "SIGSIGTERM", "TERM ", "9.5", "1e1", "RTMIN-1", "RTMIN+31", "RTMAX+0"];

Deno.test("signalNumber() knows names with and without SIG, in any case", { permissions: "none" }, () => {
  for (const [name, number] of Object.entries(NUMBERS)) assertEquals(signalNumber(name), number, name);
});

Deno.test("signalNumber() agrees with Linux about names", { ignore: Deno.build.os !== "linux" }, () => {
  const signals = Object.entries(constants.signals);
  assertEquals(new Set(signals.map(([, number]) => number)).size, 31);
  for (const [name, number] of signals) assertEquals(signalNumber(name), number, name);
});

Deno.test("signalNumber() takes numbers from 0 to 64", { permissions: "none" }, () => {
  assertEquals([0, 1, 15, 64].map(signalNumber), [0, 1, 15, 64]);
  for (const number of [-1, 65, 999, 1.5, NaN, Infinity, "65", "-1"]) {
    const message = `Cannot use ${number} as a signal: Linux has those from 1 to 64, and 0`;
    assertThrows(() => signalNumber(number), RangeError, message);
  }
});

Deno.test("signalNumber() refuses other names, and tells which there are", { permissions: "none" }, () => {
  for (const name of UNKNOWN) {
    const message = `Cannot use ${JSON.stringify(name)} as a signal: it is no name like "SIGTERM" or "KILL"`;
    assertThrows(() => signalNumber(name), TypeError, message);
  }
});
