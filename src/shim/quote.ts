/** Characters that say nothing on a terminal, or do something to it; the space is no such one. */
const INVISIBLE = /(?! )[\p{C}\p{Z}]/gu;

/**
 * What others have written, for a message of several lines: without what does something to a terminal.
 */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (char) => "\n\t".includes(char) ? char : escaped(char));
}

/**
 * Quotes what others have written, for a message: one line that can be printed, cut to a sane length.
 *
 * @param text The text, or bytes that should be one.
 * @param maxLength How many characters of it are shown.
 */
export function quote(text: string | Uint8Array, maxLength = 200): string {
  const whole = typeof text === "string" ? text : new TextDecoder().decode(text);
  // Cut by characters, so that none is left in halves.
  const shown = Array.from(whole.slice(0, 2 * maxLength)).slice(0, maxLength).join("");
  const quoted = JSON.stringify(shown).replace(INVISIBLE, escaped);
  return shown.length < whole.length ? `${quoted} and so on` : quoted;
}

function escaped(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16)}}`;
}
