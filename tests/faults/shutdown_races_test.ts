import { assertEquals } from "@std/assert";
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import { Code, createTransport, type HandlerContext, serve, type Server } from "../../mod.ts";
import { assertIdle } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { Random } from "../random.ts";
import { settled } from "../settled.ts";
import { Ledger, METHODS } from "./ledger.ts";
import { testSeeded } from "./seeded.ts";
import { passTime, turns } from "../waiting.ts";

const ROUNDS = 1_000;
const WORKERS = 4;
const CALLS = 12;
/** About as many steps as the calls of a round take. */
const STEPS = 90;

/** A way to end a round, and the codes that it explains. */
interface Ending {
  name: string;
  end: (sides: Sides) => void;
  codes: Code[];
}

const ENDINGS: readonly [Ending, ...Ending[]] = [
  { name: "shutdown", end: ({ server, graceMs }) => server.shutdown({ graceMs }), codes: [Code.Unavailable] },
  { name: "abort", end: ({ controller }) => controller.abort(), codes: [Code.Unavailable] },
  { name: "close", end: ({ transport }) => transport.close(), codes: [Code.Canceled] },
  {
    name: "shutdown and close",
    end({ server, transport, graceMs }) {
      server.shutdown({ graceMs });
      transport.close();
    },
    codes: [Code.Unavailable, Code.Canceled],
  },
  {
    name: "close and two shutdowns",
    end({ server, transport, graceMs }) {
      transport.close();
      server.shutdown({ graceMs });
      server.shutdown({ graceMs: 0 });
    },
    codes: [Code.Unavailable, Code.Canceled],
  },
];

interface Sides {
  server: Server;
  transport: Transport;
  /** Its signal shuts the server down. */
  controller: AbortController;
  graceMs: number;
}

/** What a handler does between two messages: often nothing, and now and then it goes on until it is stopped. */
async function work(random: Random, { signal }: HandlerContext, onStep: () => void): Promise<void> {
  const choice = random.below(60);
  if (choice < 20) await turns(1);
  while (choice === 0 && !signal.aborted) {
    onStep();
    await turns(1);
  }
}

/** Some workers make one call after the other; at some step of theirs the round is ended. */
async function runRound(folder: TempFolder, random: Random): Promise<string> {
  const clock = new FakeClock();
  using _clock = clock.install();
  const controller = new AbortController();
  const { name, end, codes } = random.pick(ENDINGS);
  const endAt = random.below(STEPS);
  let step = 0;
  const onStep = () => {
    if (step++ === endAt) end(sides);
  };
  const ledger = new Ledger({ work: (context) => work(random, context, onStep), onStep });
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
    graceMs: random.pick([0, 10_000]),
  };
  const { server, transport } = sides;
  const what = `${name} at step ${endAt}`;

  const workers = Array.from({ length: WORKERS }, async () => {
    while (ledger.made < CALLS) {
      await ledger.make(transport, { method: random.pick(METHODS), messages: random.below(4), bytes: 10 });
    }
  });
  const isOver = Promise.all(workers).then(() => Promise.all([transport.close(), server.shutdown()]));
  await passTime(clock, what, isOver);
  await passTime(clock, what, Promise.all([server.finished, transport.closed]));
  await settled();
  for (const side of [server, transport]) assertIdle(side.stats());
  assertEquals(clock.pendingTimers, 0, what);
  assertEquals(folder.names(), [], what);
  ledger.check(codes);
  assertEquals(transport.stats().callsByCode.get(Code.Ok) ?? 0, ledger.answered, what);
  return `${name}: ${ledger.answered === CALLS ? "all" : ledger.answered === 0 ? "none" : "some"} answered`;
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
