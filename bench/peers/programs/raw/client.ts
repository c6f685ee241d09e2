// Sends bytes and reads them back: what a socket can do with nothing around it.
import { runClient } from "../js/client.mjs";
import { stdinLines } from "../js/deno_lines.ts";
import { RawEcho } from "./raw_echo.ts";

await runClient({ lines: stdinLines(), print: console.log, open, loops: { unary: echoInTurns } });

async function open() {
  return new RawEcho(await Deno.connect({ transport: "unix", path: Deno.args[0] ?? "" }));
}

/** As many messages as are in flight go at once, and all of them come back before the next do. */
async function echoInTurns(
  peers: RawEcho[],
  { size, inFlight }: { size: number; inFlight: number },
  time: { isOver: boolean },
): Promise<number> {
  let done = 0;
  await Promise.all(peers.map(async (peer) => {
    const each = inFlight / peers.length;
    for (let n = 0; !time.isOver; n++, done += each) await peer.echo(size * each, n);
  }));
  return done;
}
