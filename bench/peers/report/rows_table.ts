import type { RowResult, SideResult } from "../measurements.ts";
import type { Result } from "../result.ts";
import { formatNumber } from "./number.ts";
import { markdownTable } from "./table.ts";

/** The table of some rows, with a column for each side that any of them has. */
export function rowsTable(
  { sides }: Result,
  rows: readonly RowResult[],
  cell: (side: SideResult) => string | undefined = medianWithRange,
): string {
  const columns = sides.filter(({ name }) => rows.some((row) => row.sides[name] !== undefined));
  const head = ["", ...columns.map(({ title }) => title)];
  return markdownTable(
    head,
    rows.map((row) => [
      `${row.title}, ${row.unit}`,
      ...columns.map(({ name }) => {
        const side = row.sides[name];
        return side === undefined ? "" : cell(side) ?? "–";
      }),
    ]),
  );
}

/** The median alone. */
export function median({ value }: SideResult): string | undefined {
  return value && formatNumber(value.median);
}

/** The median, and between which values it lies. */
export function medianWithRange({ value }: SideResult): string | undefined {
  return value && `${formatNumber(value.median)} (${formatNumber(value.min)} to ${formatNumber(value.max)})`;
}

/** CPU time of the client and of the server. */
export function cpuTime({ clientMicros, serverMicros }: SideResult): string | undefined {
  if (clientMicros === undefined || serverMicros === undefined) return undefined;
  return `${formatNumber(clientMicros)} + ${formatNumber(serverMicros)}`;
}
