import { quote } from "../quote.ts";

/** The signals of Linux in the order of their numbers, from 1, as x86-64 and arm64 have them. */
const NAMES = (
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU " +
  "URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ");

/** Further names of some. */
const ALIASES: Record<string, string> = { IOT: "ABRT", CLD: "CHLD", POLL: "IO", UNUSED: "SYS" };

const RTMIN = 34;
const RTMAX = 64;

/**
 * The number of a signal on Linux, as {@linkcode KillRequest} wants it.
 *
 * @param signal Its number from 0 to 64, or its name in any case: `"SIGTERM"`, `"TERM"`, `"RTMIN+3"`. A number
 * may be given as text too. The signal 0 only asks whether the process is there.
 * @throws {TypeError} If there is no signal of that name.
 * @throws {RangeError} If the number is none from 0 to 64.
 *
 * @example Usage
 * ```ts
 * import { signalNumber } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["SIGTERM", "term", 15, "RTMIN+1"].map(signalNumber), [15, 15, 15, 35]);
 * ```
 */
export function signalNumber(signal: string | number): number {
  const number = typeof signal === "number" ? signal : numberOf(signal);
  if (number === undefined) {
    throw new TypeError(
      `Cannot use ${quote(`${signal}`)} as a signal: it is no name like "SIGTERM" or "KILL", and no number`,
    );
  }
  if (Number.isInteger(number) && number >= 0 && number <= RTMAX) return number;
  throw new RangeError(
    `Cannot use ${signal} as a signal: Linux has those from 1 to 64, and 0, which does nothing`,
  );
}

function numberOf(text: string): number | undefined {
  if (/^-?\d+$/.test(text)) return Number(text);
  const name = text.toUpperCase().replace(/^SIG/, "");
  const [, base, offset = "0"] = /^(RTMIN(?=$|\+)|RTMAX(?=$|-))([+-]\d+)?$/.exec(name) ?? [];
  if (base !== undefined) return realTime(base === "RTMIN" ? RTMIN : RTMAX, Number(offset));
  const index = NAMES.indexOf(ALIASES[name] ?? name);
  return index < 0 ? undefined : index + 1;
}

function realTime(base: number, offset: number): number | undefined {
  const number = base + offset;
  return number >= RTMIN && number <= RTMAX ? number : undefined;
}
