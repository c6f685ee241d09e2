import type { Result } from "../result.ts";
import type { Group } from "../rows/row.ts";
import { checkTargets, type TargetResult } from "../targets.ts";
import { formatNumber } from "./number.ts";
import { CPU_TIME, MEDIAN_AND_RANGE, rowsTable } from "./rows_table.ts";
import { markdownTable } from "./table.ts";

const TITLES: Record<Group, string> = {
  free: "Both processes free to run on any CPU",
  pinned: "Both processes on one CPU",
  options: "What options cost: unary, 16 B, 64 in flight",
  growth: "What much of something costs: unary, 16 B, 64 in flight",
  memory: "Memory and start",
};

const EMPTY = "Beside the process with one call, the last column has a program with nothing in it.\n";

/** How much of an error is shown, in characters. */
const MAX_ERROR = 100;

/** All of a run in Markdown: `peers.md`. */
export function report(result: Result): string {
  return [
    `# This module and its peers\n\n${describeRun(result)}\n`,
    ...Object.entries(TITLES).map(([group, title]) => section(result, group, title)),
    failures(result),
    targets(checkTargets(result)),
  ].filter((part) => part !== "").join("\n");
}

/** When, on what and how it was measured, and what. */
export function describeRun({ date, machine, rounds, seconds, sides }: Result): string {
  const { cpu, cores, memoryGib, kernel } = machine;
  const versions = sides.map(({ title, version }) => `- ${title}: ${version}\n`).join("");
  return `Measured on ${date}: ${cores} CPUs of ${cpu}, ${memoryGib} GiB, ${kernel}. ` +
    `Medians of ${rounds} rounds, with the least and the most; ${seconds} s each.\n\n${versions}`;
}

function section(result: Result, group: string, title: string): string {
  const rows = result.rows.filter((row) => row.group === group);
  if (rows.length === 0) return "";
  const timed = rows.filter(({ sides }) =>
    Object.values(sides).some((side) => side.clientMicros !== undefined)
  );
  const cpu = timed.length === 0
    ? ""
    : `\nCPU time in µs for each call or message, client + server:\n\n${rowsTable(result, timed, CPU_TIME)}`;
  const note = group === "memory" ? `${EMPTY}\n` : "";
  return `## ${title}\n\n${note}${rowsTable(result, rows, MEDIAN_AND_RANGE)}${cpu}`;
}

function failures({ rows }: Result): string {
  const lines = rows.flatMap(({ name, sides }) =>
    Object.entries(sides).flatMap(([side, { failures = [] }]) =>
      failures.length === 0
        ? []
        : [`- ${name}, ${side}, ${failures.length} times: ${failures[0]?.slice(0, MAX_ERROR)}\n`]
    )
  );
  return lines.length === 0 ? "" : `## What failed\n\n${lines.join("")}`;
}

function targets(results: readonly TargetResult[]): string {
  const rows = results.filter(({ value }) => value !== undefined).map((
    { title, aim, value = NaN, isMet },
  ) => [
    title,
    aim,
    formatNumber(value),
    isMet ? "yes" : "no",
  ]);
  return rows.length === 0 ? "" : `## Targets\n\n${markdownTable(["", "aim", "is", "met"], rows)}`;
}
