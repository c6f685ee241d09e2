// Runs rows against a server of bench.v1.Bench and Rotation with this module.
import { runClient } from "../js/client.mjs";
import { stdinLines } from "../js/deno_lines.ts";
import { Peer } from "./peer.ts";
import { rotate } from "./rotation.ts";

await runClient({
  lines: stdinLines(),
  print: console.log,
  open: (row: object) => Peer.open(`unix://${Deno.args[0]}`, row),
  loops: { rotation: rotate },
});
