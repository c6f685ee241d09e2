import { assertEquals } from "@std/assert";
import { quote } from "../../src/shim/quote.ts";

const CASES: [text: string | Uint8Array, quoted: string][] = [
  ["", '""'],
  ["a b", '"a b"'],
  ['"\\', '"\\"\\\\"'],
  ["ä € 😀", '"ä € 😀"'],
  ["a\nb\tc", '"a\\nb\\tc"'],
  ["\x1b[31mred\x9b0m\x7f", '"\\u001b[31mred\\u{9b}0m\\u{7f}"'],
  ["\u202eright\u00a0to\u2028left\u{e0041}", '"\\u{202e}right\\u{a0}to\\u{2028}left\\u{e0041}"'],
  ["\ud800", '"\\ud800"'],
  [new TextEncoder().encode("ä\n"), '"ä\\n"'],
  [Uint8Array.of(0x08, 0xff), '"\\b\ufffd"'],
];

Deno.test("quote() gives one line that can be printed", { permissions: "none" }, () => {
  for (const [text, quoted] of CASES) assertEquals(quote(text), quoted);
});

Deno.test("quote() cuts between characters, and says so", { permissions: "none" }, () => {
  assertEquals(quote("abc", 3), '"abc"');
  assertEquals(quote("abcd", 3), '"abc" and so on');
  assertEquals(quote("😀😀😀", 3), '"😀😀😀"');
  assertEquals(quote("😀😀😀😀", 3), '"😀😀😀" and so on');
  assertEquals(quote("a".repeat(1_000_000)).length, 200 + '"" and so on'.length);
});
