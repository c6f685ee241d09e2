import { COMPARED_ROWS } from "./compared_rows.ts";
import type { Row } from "./row.ts";

/** All rows, in the order in which they are measured and shown. */
export const ROWS: readonly Row[] = [...COMPARED_ROWS];
