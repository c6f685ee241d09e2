import type { JsonObject, Message } from "@bufbuild/protobuf";
import { chunksOf, randomChunks } from "../chunks.ts";
import { type Random, withRandom } from "../random.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { guard } from "./guard.ts";
import { bytesOfParts, type RecordedPart } from "./recorded_bytes.ts";
import { socketPair } from "./socket_pair.ts";
import { ADVERSARIAL, readVectors } from "./vector_files.ts";

/** What the cases of both roles have: README.md tells what it means. */
interface Case {
  name: string;
  in: RecordedPart[];
  eof?: boolean;
  chunk?: number;
}

/** Bytes for a server. */
export interface ServerCase extends Case {
  role: "server";
  any_order?: boolean;
  expect: { frames: ExpectedFrame[]; connection: "open" | "closed" };
}

/** A frame that a server sends; what is not given is free. */
export interface ExpectedFrame {
  stream: number;
  type: number;
  optional?: boolean;
  flags?: number;
  length?: number;
  status?: number | number[];
  message?: string;
  /** Fields of the payload. */
  text?: string;
  sum?: number;
  count?: number;
  seq?: number;
}

/** Bytes for a client that has made a call. */
export interface ClientCase extends Case {
  role: "client";
  call: {
    kind: "unary" | "server_stream" | "client_stream";
    method: string;
    request?: JsonObject;
    send?: JsonObject[];
    half_close?: boolean;
  };
  expect: {
    outcome: "ok" | "error";
    connection: "open" | "closed";
    code?: number;
    message?: string;
    error?: "protocol" | "connection closed";
    items?: number;
    text?: string;
    sum?: number;
  };
}

/** Reads the cases of both roles. */
export async function readCases(): Promise<{ server: ServerCase[]; client: ClientCase[] }> {
  const { cases } = await readVectors<{ cases: (ServerCase | ClientCase)[] }>(ADVERSARIAL);
  return {
    server: cases.filter((one) => one.role === "server"),
    client: cases.filter((one) => one.role === "client"),
  };
}

/** A message's fields as the cases give them: 64-bit ones are plain numbers. */
export function fieldsOf(message: Message): Record<string, unknown> {
  const plain = (value: unknown) => typeof value === "bigint" ? Number(value) : value;
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, plain(value)]));
}

/** What a test of a case has. */
export interface Attempt {
  readonly peer: ScriptedPeer;
  /** Sends what the case has, and ends the peer's half if it says so. */
  attack(): Promise<void>;
}

const MOST_BYTES_ONE_BY_ONE = 4096;

/** How a case's bytes are sent. */
interface Way {
  about: string;
  /** A connection in memory, which is there if this is not, hands each piece over as it is. */
  openPair?: typeof socketPair;
  cut(bytes: Uint8Array, random: Random, chunk?: number): Iterable<Uint8Array>;
}

const WAYS: Way[] = [
  {
    about: "over a socket",
    openPair: socketPair,
    cut: (bytes, _, chunk = bytes.length) => chunksOf(bytes, chunk),
  },
  {
    about: "in small pieces",
    cut: (bytes) => chunksOf(bytes, isShort(bytes) ? 1 : 4093),
  },
  {
    about: "in random cuts",
    cut: (bytes, random) => randomChunks(bytes, random, isShort(bytes) ? 40 : 70_000),
  },
];

function isShort({ length }: Uint8Array): boolean {
  return length <= MOST_BYTES_ONE_BY_ONE;
}

/** Makes the tests of a case: one for each way in which its bytes are sent. */
export function testCase(
  title: string,
  given: Case,
  run: (attempt: Attempt) => Promise<void>,
): void {
  for (const { about, openPair, cut } of WAYS) {
    Deno.test(`${title} ${given.name}, ${about}`, () =>
      withRandom(async (random) => {
        using peer = new ScriptedPeer(await openPair?.());
        using _guard = guard(peer);
        const attack = async () => {
          for (const piece of cut(bytesOfParts(given.in), random, given.chunk)) peer.sendBytes(piece);
          if (given.eof) await peer.closeWrite();
        };
        await run({ peer, attack });
      }));
  }
}
