import { quote } from "./quote.ts";

/** Characters that an identifier may have. */
const MAX_LENGTH = 76;

const IDENTIFIER = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

/**
 * Holds an id or a namespace against containerd's grammar: letters and digits of ASCII in groups, which a
 * single `.`, `_` or `-` may join. Ids become names of files, so a shim must not be given any other.
 *
 * @param kind What it is, for the message: `"container id"`.
 * @param value What shall be one.
 * @throws {TypeError} If it is none. The message names the mistake.
 */
export function requireIdentifier(kind: string, value: string): void {
  const mistake = mistakeOf(value);
  if (mistake !== undefined) throw new TypeError(`Cannot use ${quote(`${value}`)} as ${kind}: ${mistake}`);
}

function mistakeOf(value: string): string | undefined {
  if (typeof value !== "string") return `it is no text, but of type ${typeof value}`;
  if (value === "") return "it is empty";
  if (value.length > MAX_LENGTH) return `it has ${value.length} characters, and may have ${MAX_LENGTH}`;
  if (IDENTIFIER.test(value)) return undefined;
  const [other] = /[^A-Za-z0-9._-]/u.exec(value) ?? [];
  if (other !== undefined) {
    return `it has ${quote(other)}, and may have only letters and digits of ASCII, ., _ and -`;
  }
  if (/^[._-]|[._-]$/.test(value)) return "it must begin and end with a letter or a digit";
  return "a letter or a digit must follow each ., _ and -";
}
