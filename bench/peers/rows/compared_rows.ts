import { rateRow, type Work } from "./rate_row.ts";
import type { Row, Unit } from "./row.ts";

const KIB = 1024;

/** Sides that have calls. */
const RPC = ["ours", "go", "rust", "grpc", "connect"];
const ALL = [...RPC, "raw"];

/** Each once with both processes free to run anywhere, and once with both on one CPU. */
export const COMPARED_ROWS: readonly Row[] = [
  ...[1, 8, 64, 256].flatMap((inFlight) =>
    row(`unary-${inFlight}`, `unary, 16 B, ${inFlight} in flight`, "calls/s", ALL, unary(16, inFlight))
  ),
  ...row("unary-4-connections", "unary, 16 B, 64 in flight, 4 connections", "calls/s", ALL, {
    ...unary(16, 64),
    connections: 4,
  }),
  ...row("unary-64k", "unary, 64 KiB, 8 in flight", "calls/s", ALL, unary(64 * KIB, 8)),
  ...row("unary-1m", "unary, 1 MiB, 4 in flight", "calls/s", ALL, unary(KIB * KIB, 4)),
  ...row("download", "server stream, 16 B", "messages/s", RPC, stream("download", 16, 10_000)),
  ...row("upload", "upload, 16 B", "messages/s", RPC, stream("upload", 16, 10_000)),
  ...row("exchange", "bidi, 16 B each way", "messages/s", RPC, stream("exchange", 16, 10_000)),
  ...row("download-64k", "server stream, 64 KiB", "MB/s", RPC, stream("download", 64 * KIB, 256)),
  ...row("upload-64k", "upload, 64 KiB", "MB/s", RPC, stream("upload", 64 * KIB, 256)),
];

function row(name: string, title: string, unit: Unit, sides: readonly string[], work: Work): Row[] {
  return [
    rateRow({ name, title, unit, group: "free", sides, work }),
    rateRow({ name: `${name}-pinned`, title, unit, group: "pinned", sides, work }),
  ];
}

function unary(size: number, inFlight: number): Work {
  return { kind: "unary", size, inFlight };
}

function stream(kind: string, size: number, count: number): Work {
  return { kind, size, count };
}
