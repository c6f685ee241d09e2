import { rssKib } from "../process_usage.ts";
import { sleep } from "../sleep.ts";
import type { Row, Sample } from "./row.ts";

const RPC = ["ours", "go", "rust", "grpc", "connect"];
const CONNECTIONS = 1_000;

/** How long a server may tidy up before its memory is looked at, as a part of the long rest. */
const SETTLE = 0.2;

/** What a server holds, and what it still holds when all other rows are done. */
export const MEMORY_ROWS: readonly Row[] = [
  {
    name: "idle-connection",
    title: "memory of the server for each of 1 000 idle connections",
    unit: "KiB",
    sides: RPC,
    group: "memory",
    measure: measureConnections,
  },
  {
    name: "rss-start",
    title: "memory of the server at its start",
    unit: "MiB",
    sides: RPC,
    group: "memory",
    measure: async ({ pair }, side) => ({ value: (await pair(side)).startRssKib / 1024 }),
  },
  {
    name: "rss-rest",
    title: "memory of the server after all rows and ten idle seconds",
    unit: "MiB",
    sides: RPC,
    group: "memory",
    async measure({ pair, rest }, side) {
      const { server } = await pair(side);
      await rest();
      return { value: rssKib(server.pid) / 1024 };
    },
  },
];

/** In a pair that does nothing else, and has had a tenth of the connections before. */
async function measureConnections(
  { pair, pace }: Parameters<Row["measure"]>[0],
  side: string,
): Promise<Sample> {
  const processes = await pair(side, { isWarm: false });
  await processes.ask({ kind: "open", connections: CONNECTIONS / 10 });
  await processes.ask({ kind: "close" });
  await sleep(pace.rest * SETTLE);
  const before = rssKib(processes.server.pid);
  await processes.ask({ kind: "open", connections: CONNECTIONS });
  await sleep(pace.rest * SETTLE);
  const after = rssKib(processes.server.pid);
  await processes.ask({ kind: "close" });
  return { value: (after - before) / CONNECTIONS };
}
