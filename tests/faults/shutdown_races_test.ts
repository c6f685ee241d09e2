import { assertEquals } from "@std/assert";
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import { Code, createTransport, serve, type Server } from "../../mod.ts";
import { assertIdle } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { Random } from "../random.ts";
import { settled } from "../settled.ts";
import { type CallPlan, Ledger, METHODS } from "./ledger.ts";
import { testSeeded } from "./seeded.ts";
import { mustBecome, passTime, turns } from "../waiting.ts";

const ROUNDS = 1_000;
const WORKERS = 4;
const CALLS = 12;
/** About as many steps as the calls of a round take. */
const STEPS = 90;

/** The least time that a shutdown leaves for calls, where it leaves any. */
const GRACE_MS = 10_000;

/** A way to end a round. */
interface Ending {
  name: string;
  end: (sides: Sides) => void;
  /** The codes that it explains. */
  codes: Code[];
  /** Whether calls that were begun have {@linkcode GRACE_MS} to end. */
  isGraceful: boolean;
}

const ENDINGS: readonly [Ending, ...Ending[]] = [
  {
    name: "shutdown",
    end: ({ server }) => server.shutdown({ graceMs: GRACE_MS }),
    codes: [Code.Unavailable],
    isGraceful: true,
  },
  {
    name: "abort",
    end: ({ controller }) => controller.abort(),
    codes: [Code.Unavailable],
    isGraceful: true,
  },
  {
    name: "shutdown at once",
    end: ({ server }) => server.shutdown({ graceMs: 0 }),
    codes: [Code.Unavailable],
    isGraceful: false,
  },
  { name: "close", end: ({ transport }) => transport.close(), codes: [Code.Canceled], isGraceful: false },
  {
    name: "shutdown and close",
    end({ server, transport }) {
      server.shutdown({ graceMs: GRACE_MS });
      transport.close();
    },
    codes: [Code.Unavailable, Code.Canceled],
    isGraceful: false,
  },
  {
    name: "close and two shutdowns",
    end({ server, transport }) {
      transport.close();
      server.shutdown({ graceMs: GRACE_MS });
      server.shutdown({ graceMs: 0 });
    },
    codes: [Code.Unavailable, Code.Canceled],
    isGraceful: false,
  },
];

interface Sides {
  server: Server;
  transport: Transport;
  /** Its signal shuts the server down. */
  controller: AbortController;
}

/** Some call, whose handler now and then comes to no end by itself. */
function plan(random: Random): CallPlan {
  const stuckAt = random.oneIn(15) ? random.below(4) : Infinity;
  return { method: random.pick(METHODS), messages: random.below(4), bytes: 10, stuckAt };
}

/** Some workers make one call after the other; at some step of theirs the round is ended. */
async function runRound(folder: TempFolder, random: Random): Promise<string> {
  const clock = new FakeClock();
  using _clock = clock.install();
  const controller = new AbortController();
  const { name, end, codes, isGraceful } = random.pick(ENDINGS);
  const endAt = random.below(STEPS);
  let step = 0;
  const ledger = new Ledger({
    work: () => turns(random.below(2)),
    onStep: () => {
      if (step++ === endAt) end(sides);
    },
  });
  const address = folder.file("s");
  const sides: Sides = {
    server: await serve({
      address,
      routes: (router) => registerInterop(router, ledger.implementation),
      onError: () => {},
      signal: controller.signal,
    }),
    transport: createTransport({ address }),
    controller,
  };
  const { server, transport } = sides;
  const what = `${name} at step ${endAt}`;

  const workers = Array.from({ length: WORKERS }, async () => {
    while (ledger.made < CALLS) await ledger.make(transport, plan(random));
  });
  if (isGraceful) {
    const isQuiet = () => ledger.isQuiet && (step > endAt || server.stats().openCalls === 0);
    await passGrace(clock, what, server, isQuiet);
  }
  const isOver = Promise.all(workers).then(() => Promise.all([transport.close(), server.shutdown()]));
  await passTime(clock, what, isOver);
  await passTime(clock, what, Promise.all([server.finished, transport.closed]));
  await settled();
  for (const side of [server, transport]) assertIdle(side.stats());
  assertEquals(clock.pendingTimers, 0, what);
  assertEquals(folder.names(), [], what);
  ledger.check(codes);
  if (isGraceful) ledger.checkServedAnswered();
  assertEquals(transport.stats().callsByCode.get(Code.Ok) ?? 0, ledger.answered, what);
  return `${name}: ${ledger.answered === CALLS ? "all" : ledger.answered === 0 ? "none" : "some"} answered`;
}

/** Lets less than the grace time pass, in the course of which only calls that are stuck stay open. */
async function passGrace(
  clock: FakeClock,
  what: string,
  server: Server,
  isQuiet: () => boolean,
): Promise<void> {
  let leftMs = GRACE_MS - 1;
  await mustBecome(what, () => {
    if (leftMs > 0) clock.advance(1);
    leftMs = Math.max(0, leftMs - 1);
    return isQuiet();
  });
  const { openCalls } = server.stats();
  clock.advance(leftMs);
  assertEquals(server.stats().openCalls, openCalls, what);
}

testSeeded(`${ROUNDS} races of a shutdown against calls that start, run and stream`, async (random) => {
  using folder = new TempFolder();
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    // Each with numbers of its own: how many a round takes depends on what comes when.
    const outcome = await runRound(folder, new Random(1 + random.below(2 ** 32 - 1)));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log(Object.fromEntries([...outcomes].sort()));
});
