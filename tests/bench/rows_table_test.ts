import { assertEquals } from "@std/assert";
import { CPU_TIME, MEDIAN, rowsTable } from "../../bench/peers/report/rows_table.ts";
import { SAMPLE } from "./sample_result.ts";

Deno.test("rowsTable() has a column for each side, a dash for what failed, nothing for what was not measured", () => {
  assertEquals(
    rowsTable(SAMPLE, SAMPLE.rows, MEDIAN),
    `|  | this module | Go ttrpc | Rust ttrpc | bare socket |
| --- | ---: | ---: | ---: | ---: |
| unary, calls/s | 1 000 000 | 123 000 |  | 7 000 000 |
| upload, messages/s | 300 | 150 | – |  |
`,
  );
});

Deno.test("rowsTable() leaves out sides that no row has", () => {
  assertEquals(
    rowsTable(SAMPLE, SAMPLE.rows.slice(1), CPU_TIME),
    `|  | this module | Go ttrpc | Rust ttrpc |
| --- | ---: | ---: | ---: |
| upload | 1.00 + 0.50 | 1.00 + 0.50 | – |
`,
  );
});
