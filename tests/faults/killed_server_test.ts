import { assertGreater, assertLess } from "@std/assert";
import { createTransport } from "../../src/net/create_transport.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle } from "../assert_stats.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { type CallPlan, Ledger, METHODS } from "./ledger.ts";
import { testSeeded } from "./seeded.ts";
import { ServerProcess } from "./server_process.ts";
import { mustSettle } from "../waiting.ts";

const CALLS = 100;

testSeeded(
  "[Z5] a transport goes on when its server is killed amid 100 calls and started again",
  async (random) => {
    using folder = new TempFolder();
    const path = folder.file("server");
    const ledger = new Ledger();
    const killAfter = 10 + random.below(20);
    const enough = Promise.withResolvers<void>();
    let served = 0;
    const countServed = (id: number) => {
      ledger.countServed(id);
      if (++served === killAfter) enough.resolve();
    };

    await using first = await ServerProcess.start(path, countServed);
    await using transport = createTransport({ address: path, waitForReady: true });
    const workers = Array.from({ length: 10 }, async () => {
      while (ledger.made < CALLS) {
        const plan: CallPlan = { method: random.pick(METHODS), messages: random.below(20), bytes: 1_000 };
        await ledger.make(transport, plan);
      }
    });
    await mustSettle("calls before the end", enough.promise);
    await first.kill();
    const answeredBefore = ledger.answered;
    assertLess(answeredBefore, CALLS);

    await using second = await ServerProcess.start(path, countServed);
    await mustSettle("calls after the new start", Promise.all(workers));
    assertGreater(ledger.answered, answeredBefore);
    await transport.close();
    assertIdle(transport.stats());
    await second.kill();
    ledger.check([Code.Unavailable]);
  },
);
