/** Recorded scenarios, without `.json`: README.md tells what is in them. */
export const SCENARIOS = [
  "cancel-unary",
  "chat",
  "chat-batch",
  "chat-early-end",
  "chat-empty-item",
  "chat-metadata",
  "concurrent-10",
  "count",
  "count-abandon",
  "count-empty-item",
  "count-fail",
  "count-metadata",
  "deadline-exceeded",
  "deadline-max",
  "deadline-ok",
  "deadline-server",
  "disconnect",
  "echo",
  "echo-empty",
  "empty",
  "fail-codes",
  "fail-details",
  "fail-long-message",
  "fail-plain",
  "from-empty",
  "metadata",
  "payload-1mib",
  "reply-4mib",
  "reply-oversize",
  "request-4mib",
  "request-oversize",
  "sum",
  "sum-fail",
  "unknown-method",
  "unknown-service",
];

/** Recorded lives of containerd shims, without `.json`. */
export const SHIMS = [
  "shim-1.6.20",
  "shim-1.7.35",
  "shim-2.0.14",
  "shim-2.2.9",
  "shim-2.3.7",
  "shim-2.4.2",
];

/** What shims print when they are started, and how they are told what to start. */
export const BOOTSTRAP = "bootstrap";

/** Bytes that go wrong, without `.json`. */
export const ADVERSARIAL = "adversarial";

/** Files that no test reads yet, and why. */
export const UNUSED: Record<string, string> = {
  "nri-session": "frames of NRI's trunk, which no room speaks yet",
  "nri-session-large": "frames of NRI's trunk, which no room speaks yet",
};

/** The folder of the vectors. */
export const VECTORS: URL = new URL("./", import.meta.url);

/** What a test may do that reads vectors. */
export const READS_VECTORS = { permissions: { read: [VECTORS] } };

/** Reads a file of vectors, whose type is the caller's to know. */
export async function readVectors<T>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, VECTORS)));
}
