/**
 * A server to be attacked, in a process of its own so that its memory is its own too.
 *
 * Takes a path to listen at and options as JSON. At the path with `.report` it tells of itself when it is
 * asked; and once more to stdout when its stdin has ended, after the shutdown.
 *
 * @module
 */

import { toText } from "@std/streams";
import { registerPlain } from "../../gen/interop/v1/plain_ttrpc.ts";
import { serve, type Server } from "../../mod.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import type { VictimReport } from "./victim_report.ts";

function report(server: Server): string {
  const { callsByCode, ...stats } = server.stats();
  const report: VictimReport = {
    rss: Deno.memoryUsage().rss,
    peakRss: peakRss(),
    stats: { ...stats, callsByCode: Object.fromEntries(callsByCode) },
  };
  return JSON.stringify(report);
}

/** Not `maxRSS` of Node: that one begins with what the parent had. */
function peakRss(): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
  return 1024 * Number(kibibytes);
}

const [path, options = "{}"] = Deno.args;
const counts = new HandlerCounts();
const server = await serve({
  ...JSON.parse(options),
  address: path,
  routes: (router) => addServices(router, counts),
  onError: () => {
    // That something is wrong with the calls of an attack is no news.
  },
});
const reporter = await serve({
  address: `${path}.report`,
  routes: (router) => registerPlain(router, { repeat: () => ({ text: report(server) }) }),
});
await toText(Deno.stdin.readable);
await reporter.shutdown({ graceMs: 0 });
await server.shutdown({ graceMs: 0 });
await counts.idle;
console.log(report(server));
