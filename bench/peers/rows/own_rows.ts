import { rateRow, type Work } from "./rate_row.ts";
import type { Group, Row } from "./row.ts";

const MANY_STREAMS = ["streams=20000"];

/** What options of a call or a transport cost. */
export const OPTION_ROWS: readonly Row[] = [
  row("options", "switch-none", "nothing switched on", unary({})),
  row("options", "switch-interceptor", "an interceptor on each side", unary({ on: "interceptor" }), [
    "intercept",
  ]),
  row("options", "switch-metadata", "metadata of one pair", unary({ on: "metadata" })),
  row("options", "switch-deadline", "a deadline", unary({ on: "deadline" })),
  row("options", "switch-signal", "a signal for each call", unary({ on: "signal" })),
  row("options", "switch-shared-signal", "a signal for all calls", unary({ on: "sharedSignal" })),
  row("options", "rotation", "24 kinds of messages in turn, 16 in flight", { kind: "rotation", size: 0 }),
];

/** What a call costs when there is much of something. */
export const GROWTH_ROWS: readonly Row[] = [
  row("growth", "in-flight-256", "256 in flight", unary({ inFlight: 256 }), MANY_STREAMS),
  row("growth", "in-flight-10000", "10 000 in flight", unary({ inFlight: 10_000 }), MANY_STREAMS),
  row("growth", "streams-256", "beside 256 open streams", unary({ openStreams: 256 }), MANY_STREAMS),
  row("growth", "streams-10000", "beside 10 000 open streams", unary({ openStreams: 10_000 }), MANY_STREAMS),
  row("growth", "services-1", "one service", ...services(1, 1)),
  row("growth", "services-100", "100 services, called in turn", ...services(100, 100)),
  row("growth", "services-1000", "1 000 services, called in turn", ...services(1_000, 1_000)),
  row("growth", "services-1000-one", "1 000 services, one called", ...services(1_000, 1)),
  row("growth", "others-1", "beside 1 connection", unary({ otherConnections: 1 })),
  row("growth", "others-100", "beside 100 connections", unary({ otherConnections: 100 })),
];

function row(group: Group, name: string, title: string, work: Work, serverArgs: readonly string[] = []): Row {
  return rateRow({ name, title, unit: "calls/s", group, sides: ["ours"], work, serverArgs });
}

function unary(options: Partial<Work>): Work {
  return { kind: "unary", size: 16, inFlight: 64, ...options };
}

function services(count: number, called: number): [work: Work, serverArgs: string[]] {
  return [unary({ services: called }), [`services=${count}`]];
}
