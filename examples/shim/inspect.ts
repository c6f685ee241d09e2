// Lists the shims of this host with the state of their containers.
//
//   deno run -A examples/shim/inspect.ts [state folder of containerd]
//
// as root.
import { attachShim, type ListedShim, listShims, Status, type Task } from "@ttrpc/ttrpc/shim";

/** One row of the table. */
interface Row {
  namespace: string;
  id: string;
  shim: number | string;
  state: string;
  pids: string;
  memory: string;
}

const PATIENCE = { timeoutMs: 2_000 };

async function inspect({ namespace, id, bundle }: ListedShim): Promise<Row> {
  try {
    await using shim = await attachShim({ bundle, id, namespace });
    const task = shim.task(id);
    const { status } = await task.state(PATIENCE);
    const [pids, memory] = await Promise.all([pidsOf(task), memoryOf(task)]);
    return { namespace, id, shim: shim.pid, state: Status[status] ?? String(status), pids, memory };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { namespace, id, shim: "-", state: problem, pids: "-", memory: "-" };
  }
}

/** Without cgroups there is no list. */
async function pidsOf(task: Task): Promise<string> {
  try {
    return (await task.pids(PATIENCE)).map(({ pid }) => pid).join(" ");
  } catch {
    return "?";
  }
}

/** How much memory the container uses; the two versions of cgroups tell it in different messages. */
async function memoryOf(task: Task): Promise<string> {
  try {
    const stats = await task.stats(PATIENCE);
    if (stats?.$typeName === "io.containerd.cgroups.v1.Metrics") return kib(stats.memory?.usage?.usage);
    return kib(stats?.memory?.usage);
  } catch {
    return "?";
  }
}

function kib(bytes: bigint | undefined): string {
  return bytes === undefined ? "?" : `${bytes / 1024n} KiB`;
}

if (import.meta.main) {
  const [stateDir] = Deno.args;
  const shims = await listShims(stateDir === undefined ? {} : { stateDir });
  if (shims.length === 0) console.log("There is no shim on this host");
  else console.table(await Promise.all(shims.map(inspect)));
}
