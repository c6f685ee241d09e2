/** Who is measured. */
export interface Side {
  /** How options and results call it. */
  readonly name: string;
  /** How tables and charts call it. */
  readonly title: string;
  /**
   * Builds its programs, where that is needed.
   *
   * @throws {Deno.errors.NotFound} If the tool that builds or runs them is not installed, as a rejection.
   */
  readonly build: () => Promise<Programs>;
}

/** The programs of a side, each as the command that starts it; the path of a socket is yet to be added. */
export interface Programs {
  readonly server: readonly string[];
  readonly client: readonly string[];
  /** What a client does before anything is measured, so that no side is measured while it still warms up. */
  readonly warmUp: readonly object[];
  /** A program that makes one call. */
  readonly once?: readonly string[];
  /** What is measured, with its version and that of what it runs on. */
  readonly version: string;
}

/** What sides warm up with. */
export const UNARY = { kind: "unary", size: 16, inFlight: 64 };

/** The same for those whose streams work. */
export const ALL_KINDS = [
  UNARY,
  { kind: "download", size: 16, count: 10_000 },
  { kind: "upload", size: 16, count: 10_000 },
  { kind: "exchange", size: 16, count: 10_000 },
];
