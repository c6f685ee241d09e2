import { cpuMicros, rssKib } from "../process_usage.ts";
import type { Pair } from "../pair.ts";
import type { Group, Row, Sample, Unit } from "./row.ts";

/** The row of a rate: work that goes on for as long as it is told. */
export interface RateRow {
  name: string;
  title: string;
  unit: Unit;
  group: Group;
  sides: readonly string[];
  /** What the clients are told to do. */
  work: Work;
  /** Arguments of the server, which then is one of its own. */
  serverArgs?: readonly string[];
}

/**
 * So many times as long is warmed up where a call is alone: what is done once for a whole burst of calls is then done
 * for each, and has hardly been run by the rows before.
 */
const LONE_WARM_UPS = 5;

/** What a client is told to do, without for how long. */
export interface Work {
  kind: string;
  /** Bytes of each payload. */
  size: number;
  /** How many unary calls are open at a time. */
  inFlight?: number;
  /** How many messages a stream has. */
  count?: number;
  /** Over how many connections it goes. */
  connections?: number;
  /** What only our own client knows. */
  [option: string]: unknown;
}

/** Makes a row of a rate. */
export function rateRow({ work, serverArgs = [], ...row }: RateRow): Row {
  return {
    ...row,
    async measure({ pair, pace }, side) {
      const processes = await pair(side, { isPinned: row.group === "pinned", serverArgs });
      await processes.ask({ ...work, kind: "open" });
      await processes.ask(work, pace.warmUp * (work.inFlight === 1 ? LONE_WARM_UPS : 1));
      const sample = await measureRate(processes, work, pace.measure, row.unit);
      await processes.ask({ kind: "close" });
      return sample;
    },
  };
}

async function measureRate(pair: Pair, work: Work, time: number, unit: Unit): Promise<Sample> {
  const pids = [pair.client.pid, pair.server.pid];
  const before = pids.map(cpuMicros);
  const { done, seconds } = await pair.ask(work, time);
  const [clientMicros, serverMicros] = pids.map((pid, i) => (cpuMicros(pid) - (before[i] ?? 0)) / done);
  const perSecond = done / seconds;
  const value = unit === "MB/s" ? perSecond * work.size / 1e6 : perSecond;
  return { value, clientMicros, serverMicros, serverMib: rssKib(pair.server.pid) / 1024 };
}
