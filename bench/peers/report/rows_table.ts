import type { RowResult, SideResult } from "../measurements.ts";
import type { Result } from "../result.ts";
import { formatNumber } from "./number.ts";
import { markdownTable } from "./table.ts";

/** What a table tells of a side. */
export interface Cell {
  /** How the row is called. */
  label: (row: RowResult) => string;
  /** What stands in its columns; undefined where a side failed. */
  text: (side: SideResult) => string | undefined;
}

/** The table of some rows, with a column for each side that any of them has. */
export function rowsTable({ sides }: Result, rows: readonly RowResult[], { label, text }: Cell): string {
  const columns = sides.filter(({ name }) => rows.some((row) => row.sides[name] !== undefined));
  const head = ["", ...columns.map(({ title }) => title)];
  return markdownTable(
    head,
    rows.map((row) => [
      label(row),
      ...columns.map(({ name }) => {
        const side = row.sides[name];
        return side === undefined ? "" : text(side) ?? "–";
      }),
    ]),
  );
}

/** The median alone. */
export const MEDIAN: Cell = {
  label: withUnit,
  text: ({ value }) => value && formatNumber(value.median),
};

/** The median, and between which values it lies. */
export const MEDIAN_AND_RANGE: Cell = {
  label: withUnit,
  text: ({ value }) =>
    value && `${formatNumber(value.median)} (${formatNumber(value.min)} to ${formatNumber(value.max)})`,
};

/** CPU time of the client and of the server. */
export const CPU_TIME: Cell = {
  label: ({ title }) => title,
  text: ({ clientMicros, serverMicros }) =>
    clientMicros === undefined || serverMicros === undefined
      ? undefined
      : `${formatNumber(clientMicros)} + ${formatNumber(serverMicros)}`,
};

function withUnit({ title, unit }: RowResult): string {
  return `${title}, ${unit}`;
}
