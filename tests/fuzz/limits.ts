import type { ServeConnectionOptions } from "../../src/server/serve_connection.ts";

/** Limits under which cases run: small ones are reached by few bytes. */
export const LIMITS: readonly Omit<ServeConnectionOptions, "routes">[] = [
  {},
  {},
  { streamBufferBytes: 200, connectionBufferBytes: 300, stallTimeoutMs: 2, maxPauseMs: 2 },
  { sendBufferBytes: 20, maxConcurrentStreams: 2, outOfOrderIds: "accept" },
  { readMaxBytes: 64, writeMaxBytes: 1024 },
];
