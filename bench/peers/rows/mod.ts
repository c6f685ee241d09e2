import { COMPARED_ROWS } from "./compared_rows.ts";
import { MEMORY_ROWS } from "./memory_rows.ts";
import { GROWTH_ROWS, OPTION_ROWS } from "./own_rows.ts";
import type { Row } from "./row.ts";
import { START_ROWS } from "./start_rows.ts";

/** All rows, in the order in which they are measured and shown; those about memory at rest are the last. */
export const ROWS: readonly Row[] = [
  ...COMPARED_ROWS,
  ...OPTION_ROWS,
  ...GROWTH_ROWS,
  ...START_ROWS,
  ...MEMORY_ROWS,
];
