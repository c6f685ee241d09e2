import { OURS, RAW } from "./deno.ts";
import { GO } from "./go.ts";
import { CONNECT, GRPC } from "./node.ts";
import { RUST } from "./rust.ts";
import type { Side } from "./side.ts";

/** All sides, in the order of tables and charts. */
export const SIDES: readonly Side[] = [OURS, GO, RUST, GRPC, CONNECT, RAW];
