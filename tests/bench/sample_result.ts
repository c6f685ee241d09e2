import type { SideResult } from "../../bench/peers/measurements.ts";
import type { Result } from "../../bench/peers/result.ts";

/** A run of two rows, in which Rust failed once. */
export const SAMPLE: Result = {
  date: "2026-11-21",
  machine: { cpu: "Some <fast> CPU", cores: 2, memoryGib: 8, kernel: "Linux 6.1" },
  rounds: 5,
  seconds: 1,
  sides: [
    { name: "ours", title: "this module", version: "@ttrpc/ttrpc 0.1.0" },
    { name: "go", title: "Go ttrpc", version: "1.2.10" },
    { name: "rust", title: "Rust ttrpc", version: "0.10.0" },
    { name: "raw", title: "bare socket", version: "Deno" },
  ],
  rows: [
    {
      name: "unary-64",
      title: "unary",
      unit: "calls/s",
      group: "free",
      sides: { ours: side(1_000_000), go: side(123_456), raw: side(7_000_000) },
    },
    {
      name: "upload",
      title: "upload",
      unit: "messages/s",
      group: "free",
      sides: { ours: side(300), go: side(150), rust: { failures: ["lost a message"] } },
    },
  ],
};

function side(median: number): SideResult {
  return { value: { median, min: median / 2, max: median * 2 }, clientMicros: 1, serverMicros: 0.5 };
}
