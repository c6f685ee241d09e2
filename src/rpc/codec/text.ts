import { varintBytes, writeVarint } from "../../wire/varint.ts";
import { check } from "./check.ts";
import { lengths } from "./lengths.ts";

/** Up to so many characters a loop here takes less time than a call of `TextEncoder`. */
const SHORT_TEXT = 64;
const REPLACEMENT = 0xfffd;
const utf8 = new TextEncoder();
/** Where long texts are encoded to be measured, one piece after another. */
let trial: Uint8Array | undefined;

/** How many bytes a text takes with its length; that of a long one is taken down. */
export function sizeOfString(text: string): number {
  if (text.length > SHORT_TEXT) return lengths.add(longBytes(text));
  const bytes = shortBytes(text);
  return varintBytes(bytes) + bytes;
}

/** Writes a text with its length. */
export function writeString(out: Uint8Array, at: number, text: string): number {
  if (text.length > SHORT_TEXT) {
    const bytes = lengths.next();
    at = writeVarint(out, at, bytes);
    const { read, written } = utf8.encodeInto(text, out.subarray(at, at + bytes));
    // A getter may give another text each time.
    check(read === text.length && written === bytes);
    return at + bytes;
  }
  // Most texts are ASCII, so that they take as many bytes as they have characters.
  out[at] = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return writeUtf8(out, writeVarint(out, at, shortBytes(text)), text);
    out[at + 1 + i] = unit;
  }
  return at + 1 + text.length;
}

function shortBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is two units of two bytes each; half of one is written as the replacement character.
    if (isPair(text, i)) i++;
  }
  return bytes;
}

function longBytes(text: string): number {
  trial ??= new Uint8Array(4096);
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const { read, written } = utf8.encodeInto(at === 0 ? text : text.substring(at), trial);
    at += read;
    bytes += written;
  }
  return bytes;
}

function writeUtf8(out: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      out[at++] = code;
      continue;
    }
    if (code < 0x800) {
      out[at++] = 0xc0 | (code >> 6);
      out[at++] = 0x80 | (code & 0x3f);
      continue;
    }
    if (isPair(text, i)) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
      out[at++] = 0xf0 | (code >> 18);
      out[at++] = 0x80 | ((code >> 12) & 0x3f);
    } else {
      if (isSurrogate(code)) code = REPLACEMENT;
      out[at++] = 0xe0 | (code >> 12);
    }
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

/** Whether the units at `i` and behind it are one character. */
function isPair(text: string, i: number): boolean {
  return (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
}
