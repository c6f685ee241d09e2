const CONTEXT_LINES = 2;
const SHOWN_LINES = 30;

/** The message of an assertion: what is wrong, and the caller's own words if there are any. */
export function explain(problem: string, msg?: string): string {
  return msg ? `${problem}: ${msg}` : problem;
}

/** A value as text in one line, as far as it is short. */
export function show(value: unknown): string {
  return Deno.inspect(value, { depth: 6, strAbbreviateSize: 1000 });
}

/** The lines in which two values differ, with a few lines around them. */
export function difference(actual: unknown, expected: unknown): string {
  const before = lines(actual);
  const after = lines(expected);
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  if (same === before.length && same === after.length) {
    return `    (both read alike)\n${short("  ", before)}`;
  }
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - same && before.at(-1 - tail) === after.at(-1 - tail)
  ) tail++;
  return [
    "    (- actual, + expected)",
    ...before.slice(Math.max(0, same - CONTEXT_LINES), same).map((line) => `    ${line}`),
    short("  - ", before.slice(same, before.length - tail)),
    short("  + ", after.slice(same, after.length - tail)),
    ...before.slice(before.length - tail).slice(0, CONTEXT_LINES).map((line) => `    ${line}`),
  ].filter((line) => line !== "").join("\n");
}

function lines(value: unknown): string[] {
  return Deno.inspect(value, {
    compact: false,
    depth: Infinity,
    iterableLimit: 100_000,
    sorted: true,
    strAbbreviateSize: Infinity,
    trailingComma: true,
  }).split("\n");
}

function short(mark: string, block: string[]): string {
  const shown = block.slice(0, SHOWN_LINES).map((line) => mark + line);
  if (block.length > SHOWN_LINES) shown.push(`${mark}… ${block.length - SHOWN_LINES} more lines`);
  return shown.join("\n");
}
