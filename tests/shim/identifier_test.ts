import { assertStringIncludes, assertThrows } from "@std/assert";
import { requireIdentifier } from "../../src/shim/identifier.ts";

const PROPER = [
  "a",
  "7",
  "default",
  "k8s.io",
  "web-1",
  "A_b.C-d",
  "0123456789abcdef".repeat(4),
  "a".repeat(76),
  `${"a.".repeat(37)}bc`,
];

const CHARACTERS = "may have only letters and digits of ASCII, ., _ and -";
const ENDS = "it must begin and end with a letter or a digit";
const GROUPS = "a letter or a digit must follow each ., _ and -";

const WRONG: [value: string, mistake: string][] = [
  ["", "it is empty"],
  ["a".repeat(77), "it has 77 characters, and may have 76"],
  ["a b", `it has " ", and ${CHARACTERS}`],
  ["a/b", `it has "/", and ${CHARACTERS}`],
  ["a\n", `it has "\\n", and ${CHARACTERS}`],
  ["\x1b", `it has "\\u001b", and ${CHARACTERS}`],
  ["größe", `it has "ö", and ${CHARACTERS}`],
  ["a😀", `it has "😀", and ${CHARACTERS}`],
  ["٣", `it has "٣", and ${CHARACTERS}`],
  [".", ENDS],
  ["..", ENDS],
  [".a", ENDS],
  ["a-", ENDS],
  ["_", ENDS],
  ["a..b", GROUPS],
  ["a-_b", GROUPS],
];

Deno.test("requireIdentifier() takes what containerd takes", { permissions: "none" }, () => {
  for (const value of PROPER) requireIdentifier("container id", value);
});

Deno.test("requireIdentifier() names the mistake", { permissions: "none" }, () => {
  for (const [value, mistake] of WRONG) {
    const { message } = assertThrows(() => requireIdentifier("namespace", value), TypeError);
    assertStringIncludes(message, ` as namespace: ${mistake}`);
  }
});

Deno.test("requireIdentifier() refuses what is no text", { permissions: "none" }, () => {
  const value: string = JSON.parse("7");
  const message = 'Cannot use "7" as exec id: it is no text, but of type number';
  assertThrows(() => requireIdentifier("exec id", value), TypeError, message);
});
