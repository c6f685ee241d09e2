import { medianOf, type Result } from "./result.ts";

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

const TARGETS: readonly Target[] = [
  ...["unary-64", "unary-256"].flatMap((
    row,
  ) => [faster(row, "go", 4), faster(row, "grpc", 30), faster(row, "connect", 60)]),
  {
    title: "unary-1-pinned: time of a call, by that of the bare socket's round trip",
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
  { title: "idle-connection", value: of("idle-connection", "ours"), most: 16, unit: "KiB" },
  {
    title: "rss-rest, above rss-start",
    value: difference(of("rss-rest", "ours"), of("rss-start", "ours")),
    most: 64,
    unit: "MiB",
  },
  above("one-call-time", 25, "ms"),
  above("one-call-memory", 18, "MiB"),
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
  return {
    title: `${row}: ours by ${side}`,
    value: quotient(of(row, "ours"), of(row, side)),
    least,
    unit: "×",
  };
}

/** Not much less than the rate of another row. */
function flat(row: string, base: string): Target {
  const value = quotient(of(row, "ours"), of(base, "ours"));
  return { title: `${row}, by ${base}`, value, least: 0.8, unit: "×" };
}

/** No more above an empty program. */
function above(row: string, most: number, unit: Target["unit"]): Target {
  return {
    title: `${row}, above an empty Deno`,
    value: difference(of(row, "ours"), of(row, "raw")),
    most,
    unit,
  };
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
