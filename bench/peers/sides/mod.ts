import { OURS, RAW } from "./deno.ts";
import { GO } from "./go.ts";
import type { Side } from "./side.ts";

/** All sides, in the order of tables and charts. */
export const SIDES: readonly Side[] = [OURS, GO, RAW];
