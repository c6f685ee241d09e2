import type { Result } from "../result.ts";
import { MEDIAN, rowsTable } from "./rows_table.ts";

const FAILED = "A side that failed in some rounds has the median of the others, or a dash: " +
  "[what failed](bench/results/peers.md#what-failed).";

/** What README says of speed, made from a run. */
export function speedSection(result: Result): string {
  const { date, machine, rounds, sides } = result;
  const rows = result.rows.filter(({ group }) => group === "free");
  const failed = rows.some((row) => Object.values(row.sides).some(({ failures }) => failures !== undefined));
  const names = sides.map(({ version }) => version).join("; ");
  return `## Speed

![Calls, messages and bytes per second](bench/results/peers.svg)

${rowsTable(result, rows, MEDIAN)}
Two processes on a unix socket, medians of ${rounds} rounds in which the sides took turns, each reply checked;
${machine.cores} CPUs of ${machine.cpu}, ${date}. ${names}.${failed ? ` ${FAILED}` : ""}

\`deno task bench:peers\` measures it again, and builds what it needs: Go, Rust and Node take part where they are
installed. [The whole run](bench/results/peers.md) has least and most, CPU time, both processes on one CPU,
memory, and what interceptors, metadata, deadlines and signals cost.

All have their default options. A process with many large messages and little else spends up to half its time on
garbage collection, as V8 begins a full one for each 10 MiB or so of them. With
\`deno run --v8-flags=--initial-old-space-size=64\` it does not, takes about 64 MiB more, and streams of 64 KiB are
half as fast again to twice as fast.
`;
}

/**
 * Puts the section in its place.
 *
 * @throws {TypeError} If there is no such section.
 */
export function replaceSpeedSection(readme: string, section: string): string {
  const place = /^## Speed\n[\s\S]*?(?=^## )/m;
  if (!place.test(readme)) throw new TypeError("Cannot write the speed section: there is no ## Speed");
  return readme.replace(place, () => `${section}\n`);
}
