import type { Caller } from "./caller.ts";
import { GoCaller } from "./go_caller.ts";
import { GoServer } from "./go_server.ts";
import type { SoakOptions } from "./options.ts";
import { OwnServer } from "./own_server.ts";
import { formatSample, formatTally } from "./report.ts";
import { Soak } from "./soak.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";
import type { Tally } from "./tally.ts";
import { Watch } from "./watch.ts";

/** How often memory is looked at, and how long no call may end. */
const SAMPLE_MS = 10_000;
const HANG_MS = 60_000;

/**
 * Makes many calls, and prints what came of them.
 *
 * @param print Takes lines as things go on.
 * @returns What happened; nothing is in `wrong` if all was as it had to be.
 */
export async function runSoak(options: SoakOptions, print: (line: string) => void): Promise<Tally> {
  const { seed, peer, workers } = options;
  print(`seed ${seed}, peer ${peer}, ${workers} workers`);
  await using server: SoakServer = peer === "go-server" ? await GoServer.start() : await OwnServer.start();
  await using caller = peer === "go-client"
    ? await GoCaller.start(options, server)
    : new Soak(options, server);
  const { tally } = caller;
  const ms = await runWatched(caller, server, print);
  // Go's side leaves handlers running, or can't tell of them, as long as connections are open.
  if (peer === "own") {
    const { connections: _, ...gauges } = await server.gauges();
    expectZero(tally, "server with open connections", gauges);
  }
  expectZero(tally, "caller with open connections", caller.gauges());
  await caller[Symbol.asyncDispose]();
  expectZero(tally, "caller", caller.gauges());
  expectZero(tally, "server", await server.idleGauges());
  await expectStarted(tally, server);
  const atEnd = peer === "go-client" ? undefined : await caller.memory();
  print(formatSample({ ms, calls: tally.calls, caller: atEnd, server: await server.memory() }));
  tally.wrong.push(...await server.told?.() ?? []);
  print(formatTally(tally, ms));
  return tally;
}

/** @returns How many milliseconds it took. */
async function runWatched(
  caller: Caller,
  server: SoakServer,
  print: (line: string) => void,
): Promise<number> {
  const start = performance.now();
  const sample = async () => {
    const [ms, { calls }] = [performance.now() - start, caller.tally];
    print(formatSample({ ms, calls, caller: await caller.memory(), server: await server.memory() }));
  };
  await sample();
  using watch = new Watch(SAMPLE_MS, sample, () => caller.tally.calls, HANG_MS);
  try {
    await watch.hold(caller.run());
  } catch (error) {
    throw new Error(`Cannot go on: ${caller.openCalls()} are open`, { cause: error });
  }
  const ms = performance.now() - start;
  await sample();
  return ms;
}

function expectZero({ wrong }: Tally, whose: string, gauges: Gauges): void {
  for (const [name, value] of Object.entries(gauges)) {
    if (value !== 0) wrong.push(`${name} of the ${whose}: expected 0 at the end, found ${value}`);
  }
}

/** No call may have been served twice, and none answered that was not served. */
async function expectStarted({ wrong, calls, notSent, byOutcome }: Tally, server: SoakServer): Promise<void> {
  const started = await server.started?.();
  if (started === undefined) return;
  const least = (byOutcome["answered"] ?? 0) + (byOutcome["failed as asked"] ?? 0);
  if (started >= least && started <= calls - notSent) return;
  wrong.push(`handlers: expected ${least} to ${calls - notSent} calls of them, found ${started}`);
}
