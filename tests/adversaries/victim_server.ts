/**
 * A server to be attacked, in a process of its own so that its memory is its own too.
 *
 * Takes a path to listen at and options as JSON. Tells of itself when it listens, when it is asked, and after
 * its shutdown, when its stdin has ended. Its clock goes on only when it is told to.
 *
 * @module
 */

import { serve } from "../../mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { passTime } from "../waiting.ts";
import { report, reportWhenAsked, SECOND } from "./victim_report.ts";

const [address = "", options = "{}"] = Deno.args;
const clock = new FakeClock();
using _clock = clock.install();
const counts = new HandlerCounts();
const server = await serve({
  ...JSON.parse(options),
  address,
  routes: (router) => addServices(router, counts),
  onError: () => {
    // That something is wrong with the calls of an attack is no news.
  },
});
await reportWhenAsked(() => server.stats(), (line) => {
  if (line === SECOND) clock.advance(1_000);
});
await passTime(clock, "the shutdown", server.shutdown({ graceMs: 0 }));
await counts.idle;
report(server.stats());
