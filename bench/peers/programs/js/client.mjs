// deno-lint-ignore-file explicit-module-boundary-types -- there are no types in JavaScript
// The client program of a side in JavaScript: a row in each line that comes, its result in each line that goes.
import { download, exchange, unary, upload } from "./loops.mjs";

const LOOPS = { unary, download, upload, exchange };

/**
 * @param {object} program
 * @param {AsyncIterable<string>} program.lines
 * @param {(line: string) => void} program.print
 * @param {(row: object) => Promise<object>} program.open Makes a connection on which a call has been made.
 * @param {object} [program.loops] Loops that only this side has.
 */
export async function runClient({ lines, print, open, loops = {} }) {
  const all = { ...LOOPS, ...loops };
  const peers = [];

  async function run(row) {
    if (row.kind === "close") await close();
    else if (row.kind !== "open") return await measure(all[row.kind], peers, row);
    else for (let i = 0; i < (row.connections ?? 1); i++) peers.push(await open(row));
    return {};
  }

  async function close() {
    for (const peer of peers.splice(0)) await peer.close();
  }

  for await (const line of lines) {
    try {
      print(JSON.stringify(await run(JSON.parse(line))));
    } catch (error) {
      await close();
      print(JSON.stringify({ error: String(error) }));
    }
  }
}

async function measure(loop, peers, row) {
  const time = { isOver: false };
  const timer = setTimeout(() => time.isOver = true, row.seconds * 1000);
  const start = performance.now();
  try {
    const done = await loop(peers, row, time);
    return { done, seconds: (performance.now() - start) / 1000 };
  } finally {
    clearTimeout(timer);
  }
}
