import type { JsonValue } from "@bufbuild/protobuf";
import { BOOTSTRAP, readVectors } from "../../vectors/vector_files.ts";

/** What a shim has printed, and what it means. */
export interface Printed {
  case: string;
  stdoutHex: string;
  /** What it means, even if this module does not speak it. */
  expect?: {
    format: "text" | "json" | "protobuf";
    version: number;
    address: string;
    protocol: string;
    metadata?: Record<string, string>;
    extensions?: string[];
  };
}

/** A start of a real shim. */
export interface RecordedStart extends Printed {
  version: string;
  args: string[];
  stdinHex: string;
  exit: number;
}

/** The vectors about starts of shims; README.md tells what is in them. */
export interface BootstrapVectors {
  recorded: RecordedStart[];
  edge: (Printed & { error?: true })[];
  bootstrapParams: { case: string; json: JsonValue; hex: string }[];
  deleteResponse: {
    case: string;
    hex: string;
    expect: { pid: number; exitStatus: number; seconds: string; nanos: number };
  }[];
}

/** Reads them; a test needs the permissions of `READS_VECTORS`. */
export function readBootstrapVectors(): Promise<BootstrapVectors> {
  return readVectors(BOOTSTRAP);
}
