import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes";
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { ConnectionOptions } from "../../src/connection/connection_options.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { serve } from "../../src/net/serve.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { settled } from "../settled.ts";
import { excuseByFaults } from "./excuses.ts";
import { type Direction, DIRECTIONS, type Fault } from "./fault.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { type CallPlan, Ledger } from "./ledger.ts";
import { mustSettle, mustStandStill, passTime } from "../waiting.ts";

/** A session over sockets, with a proxy between client and server. */
export interface ProxiedSession {
  /** The calls, made all at once. */
  calls: readonly CallPlan[];
  /** What becomes of the first connection, the second, and so on. */
  faults: readonly (Fault | undefined)[];
  /** The limits of both sides. */
  limits?: ConnectionOptions;
}

/** What a session comes to. */
export interface ProxiedSessionResult {
  /** What has passed in each direction, of all connections. */
  passed: Record<Direction, Uint8Array>;
  /** How many faults have struck. */
  strikes: number;
}

/**
 * Runs a session to its end. Only calls fail that the faults could have touched, and nothing is left on
 * either side.
 */
export async function runProxied(
  { calls, faults, limits = {} }: ProxiedSession,
): Promise<ProxiedSessionResult> {
  const what = JSON.stringify({ calls, faults, limits });
  const clock = new FakeClock();
  using _clock = clock.install();
  using folder = new TempFolder();
  const ledger = new Ledger();
  await using server = await serve({
    address: folder.file("server"),
    routes: (router) => registerInterop(router, ledger.implementation),
    onError: () => {},
    ...limits,
  });
  await using proxy = new FaultProxy(folder.file("proxy"), folder.file("server"), faults);
  await using transport = createTransport({
    address: folder.file("proxy"),
    defaultTimeoutMs: 5_000,
    ...limits,
  });

  const made = Promise.all(calls.map((plan) => ledger.make(transport, plan)));
  // Only what waits for nothing but the time may be caught by its deadline.
  const needsTime = faults.some((fault) => fault?.kind === "stop reading");
  if (needsTime) await mustStandStill(`calls of ${what}`, () => passedBytes(proxy));
  else await mustSettle(`calls of ${what}`, made);
  await passTime(clock, `calls of ${what}`, made);
  assertEquals(transport.stats().openCalls, 0, what);

  const closed = Promise.all([transport.close(), server.shutdown({ graceMs: 0 }), server.finished]);
  await passTime(clock, `closing after ${what}`, closed);
  await settled();
  for (const side of [transport, server]) assertIdle(side.stats());
  assertEquals(clock.pendingTimers, 0, what);
  ledger.check(excuseByFaults(proxy.links));
  assertEquals(transport.stats().callsByCode.get(Code.Ok) ?? 0, ledger.answered, what);
  return {
    passed: {
      "to server": concat(passedChunks(proxy, "to server")),
      "to client": concat(passedChunks(proxy, "to client")),
    },
    strikes: proxy.links.filter(({ struckBy }) => struckBy !== undefined).length,
  };
}

function passedChunks(proxy: FaultProxy, direction: Direction): Uint8Array[] {
  return proxy.links.flatMap(({ passed }) => passed[direction]);
}

function passedBytes(proxy: FaultProxy): number {
  const chunks = DIRECTIONS.flatMap((direction) => passedChunks(proxy, direction));
  return chunks.reduce((bytes, { length }) => bytes + length, 0);
}
