import { medianOf, type Result } from "./result.ts";
import { ROWS } from "./rows/mod.ts";
import { SIDES } from "./sides/mod.ts";

/** How far a target was met. */
export interface TargetResult {
  title: string;
  /** What was aimed at, such as `≥ 4 ×`. */
  aim: string;
  /** What came out; undefined where it was not measured. */
  value?: number;
  isMet?: boolean;
}

type Value = (result: Result) => number | undefined;

interface Target {
  title: string;
  value: Value;
  /** The least that the value may be, */
  least?: number;
  /** or the most. */
  most?: number;
  unit: "×" | "KiB" | "MiB" | "ms";
}

const MANY = ["unary-64", "unary-256"];

const TARGETS: readonly Target[] = [
  ...MANY.map((row) => faster(row, "go", 4)),
  ...MANY.map((row) => faster(row, "grpc", 30)),
  ...MANY.map((row) => faster(row, "connect", 60)),
  {
    title: `time of ${titleOf(ROWS, "unary-1-pinned")}, both processes on one CPU, by the bare socket`,
    value: quotient(of("unary-1-pinned", "raw"), of("unary-1-pinned", "ours")),
    most: 1.6,
    unit: "×",
  },
  faster("unary-1", "go", 1),
  faster("download", "go", 3),
  faster("upload", "go", 3),
  faster("download-64k", "go", 2),
  faster("upload-64k", "go", 2),
  faster("unary-64k", "go", 2.5),
  faster("unary-1m", "go", 4),
  { title: titleOf(ROWS, "idle-connection"), value: of("idle-connection", "ours"), most: 16, unit: "KiB" },
  {
    title: `${titleOf(ROWS, "rss-rest")}, above its start`,
    value: difference(of("rss-rest", "ours"), of("rss-start", "ours")),
    most: 64,
    unit: "MiB",
  },
  aboveEmpty("one-call-time", 25, "ms"),
  aboveEmpty("one-call-memory", 18, "MiB"),
  flat("in-flight-10000", "in-flight-256"),
  flat("streams-10000", "streams-256"),
  flat("services-1000", "services-1"),
  flat("services-1000-one", "services-1"),
  flat("others-100", "others-1"),
];

/** Holds a run against what this module aims at. */
export function checkTargets(result: Result): TargetResult[] {
  return TARGETS.map(({ title, value: valueOf, least = -Infinity, most = Infinity, unit }) => {
    const value = valueOf(result);
    const aim = least === -Infinity ? `≤ ${most} ${unit}` : `≥ ${least} ${unit}`;
    return { title, aim, value, isMet: value === undefined ? undefined : value >= least && value <= most };
  });
}

/** So many times the rate of another side. */
function faster(row: string, side: string, least: number): Target {
  const title = `${titleOf(ROWS, row)}, by ${titleOf(SIDES, side)}`;
  return { title, value: quotient(of(row, "ours"), of(row, side)), least, unit: "×" };
}

/** Not much less than the rate of another row. */
function flat(row: string, base: string): Target {
  const title = `${titleOf(ROWS, row)}, by ${titleOf(ROWS, base)}`;
  return { title, value: quotient(of(row, "ours"), of(base, "ours")), least: 0.8, unit: "×" };
}

/** No more above an empty program. */
function aboveEmpty(row: string, most: number, unit: Target["unit"]): Target {
  const title = `${titleOf(ROWS, row)}, above an empty Deno`;
  return { title, value: difference(of(row, "ours"), of(row, "raw")), most, unit };
}

function titleOf(all: readonly { name: string; title: string }[], name: string): string {
  return all.find((one) => one.name === name)?.title ?? name;
}

function of(row: string, side: string): Value {
  return (result) => medianOf(result, row, side);
}

function quotient(a: Value, b: Value): Value {
  return (result) => combine(a(result), b(result), (a, b) => a / b);
}

function difference(a: Value, b: Value): Value {
  return (result) => combine(a(result), b(result), (a, b) => a - b);
}

function combine(
  a: number | undefined,
  b: number | undefined,
  join: (a: number, b: number) => number,
): number | undefined {
  return a === undefined || b === undefined ? undefined : join(a, b);
}
