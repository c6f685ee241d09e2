import { Code } from "../../mod.ts";
import { go } from "./go_peers.ts";
import type { PeerPrograms } from "./peer_programs.ts";
import { ONE_THREAD, rust } from "./rust_peers.ts";

/** A code and the message beside it. */
export type Words = readonly [code: Code, message: string];

/** A server of `interop.v1`, and what it does in its own way. */
export interface PeerServer {
  readonly name: string;
  readonly programs: PeerPrograms;
  readonly flags: readonly string[];
  /** What it says when a service is not there. */
  readonly noService: (service: string) => Words;
  /** What it says when a method is not there. */
  readonly noMethod: (method: string) => Words;
  /** What it makes of an error without a status. */
  readonly plainError: (message: string) => Words;
}

/** Go's `github.com/containerd/ttrpc`. */
export const GO: PeerServer = {
  name: "Go",
  programs: go,
  flags: [],
  noService: (service) => [Code.Unimplemented, `service ${service}`],
  noMethod: (method) => [Code.Unimplemented, `method ${method}`],
  plainError: (message) => [Code.Unknown, message],
};

/** The Rust crate `ttrpc` on several threads, where it loses messages that come close upon each other. */
export const RUST: PeerServer = {
  name: "Rust",
  programs: rust,
  flags: [],
  noService: (service) => [Code.InvalidArgument, `${service} service does not exist`],
  noMethod: (method) => [Code.Unimplemented, `${method} method`],
  plainError: (message) => [Code.Unknown, `Others(${JSON.stringify(message)})`],
};

/** The same on one thread, where messages stay in order. */
export const RUST_ON_ONE_THREAD: PeerServer = {
  ...RUST,
  name: "Rust on one thread",
  flags: [ONE_THREAD],
};

/** A server of each language. */
export const EACH: readonly PeerServer[] = [GO, RUST];

/** Those that get an upload whole which is sent as fast as it goes (PROTOCOL.md P12). */
export const IN_ORDER: readonly PeerServer[] = [GO, RUST_ON_ONE_THREAD];
