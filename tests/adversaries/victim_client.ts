/**
 * A client to be attacked, in a process of its own so that its memory is its own too.
 *
 * Takes the name of its calls, the path of the attacker, who gets its first connection, that of a good
 * server, who gets all others, and options as JSON. Another client calls the good server all the time. Tells
 * of itself when that has begun, when it is asked, and at its end, when its stdin has ended; makes its calls
 * when it is told to.
 *
 * @module
 */

import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport } from "../../mod.ts";
import { connectLent } from "../../src/net/connect.ts";
import { FakeClock } from "../fake_clock.ts";
import { mustBecome } from "../waiting.ts";
import { ATTACKED_CALLS, BEGIN } from "./attacked_calls.ts";
import { Innocent } from "./innocent.ts";
import { report, reportWhenAsked } from "./victim_report.ts";

const [name = "", attacker = "", good = "", options = "{}"] = Deno.args;
const makeCalls = new Map(Object.entries(ATTACKED_CALLS)).get(name);
if (makeCalls === undefined) throw new Error(`There are no calls ${name}`);

const clock = new FakeClock();
using _clock = clock.install();
const innocent = new Innocent(good);
await innocent.hasCalled(1_000);
let connections = 0;
const transport = createTransport({
  ...JSON.parse(options),
  connect: () => connectLent(connections++ === 0 ? attacker : good),
});
const client = createInteropClient(transport);
let calls = Promise.resolve();
await reportWhenAsked(() => transport.stats(), (line) => {
  if (line === BEGIN) calls = makeCalls({ client, transport, clock });
});
await calls;
await mustBecome("the end of the attacker is seen", () => transport.stats().connections < connections);
await client.echo({});
await transport.close();
await innocent.stop();
report(transport.stats());
