import type { CallOptions } from "../../rpc/call_options.ts";
import { Code } from "../../rpc/code.ts";
import type { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { packAny, unpackAny } from "../messages/any.ts";
import { CheckpointOptionsSchema, ProcessDetailsSchema } from "../../../gen/containerd/runc/v1/options_pb.ts";
import { MetricsSchema as MetricsV1Schema } from "../../../gen/io/containerd/cgroups/v1/metrics_pb.ts";
import { MetricsSchema as MetricsV2Schema } from "../../../gen/io/containerd/cgroups/v2/metrics_pb.ts";
import { ContainerProcess, type ContainerProcessOptions } from "./container_process.ts";
import type { ExitStatus } from "./exit_status.ts";
import { requireIdentifier } from "../identifier.ts";
import { packJson } from "../messages/oci_json.ts";
import type { LinuxResources, Process as ProcessSpec } from "../messages/oci_spec.ts";
import type { KillOptions, Process, ProcessState, TerminalSize } from "./process.ts";
import { ProcessStdio } from "../stdio/process_stdio.ts";
import { planStdio } from "../stdio/stdio.ts";
import type {
  CgroupMetrics,
  CheckpointOptions,
  ContainerPid,
  ExecOptions,
  Task,
  UpdateOptions,
} from "./task.ts";
import type { Makings } from "./makings.ts";
import { removeProcess } from "./remove_process.ts";
import type { TaskClient } from "./task_client.ts";

/** What calls end with whose shim is dead, or stuck, or whose connection was closed. */
const LOST: ReadonlySet<number> = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.Canceled]);
const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A container as a shim's Task service has it. */
export class ContainerTask implements Task {
  readonly id: string;
  readonly execId = "";
  readonly #client: TaskClient;
  readonly #makings: Makings;
  readonly #first: ContainerProcess;
  readonly #isOwned: boolean;
  /** Processes that were added with this object, and not removed so far. */
  readonly #added = new Set<ContainerProcess>();
  #isGone = false;

  /** The container with an id. */
  constructor(client: TaskClient, makings: Makings, id: string, options: ContainerProcessOptions = {}) {
    this.#client = client;
    this.#makings = makings;
    this.id = id;
    this.#first = new ContainerProcess(client, id, "", options);
    this.#isOwned = options.removeWithoutShim !== undefined;
  }

  get pid(): number | undefined {
    return this.#first.pid;
  }

  get stdin(): Process["stdin"] {
    return this.#first.stdin;
  }

  get stdout(): Process["stdout"] {
    return this.#first.stdout;
  }

  get stderr(): Process["stderr"] {
    return this.#first.stderr;
  }

  start(options?: CallOptions): Promise<number> {
    return this.#first.start(options);
  }

  wait(options?: CallOptions): Promise<ExitStatus> {
    return this.#first.wait(options);
  }

  kill(signal: string | number, options?: KillOptions): Promise<void> {
    return this.#first.kill(signal, options);
  }

  state(options?: CallOptions): Promise<ProcessState> {
    return this.#first.state(options);
  }

  resizePty(size: TerminalSize, options?: CallOptions): Promise<void> {
    return this.#first.resizePty(size, options);
  }

  closeIO(options?: CallOptions): Promise<void> {
    return this.#first.closeIO(options);
  }

  async delete(options?: CallOptions): Promise<ExitStatus> {
    const exit = await this.#first.delete(options);
    await this.#forgetAdded((process) => process.goneWithContainer());
    return exit;
  }

  exec(options: ExecOptions): Promise<Process> {
    return this.#makings.run(() => this.#exec(options));
  }

  async #exec(options: ExecOptions): Promise<Process> {
    const { execId = crypto.randomUUID() } = options;
    requireIdentifier("exec id", execId);
    const stdio = await ProcessStdio.open(planStdio(options));
    const request = { id: this.id, execId, ...stdio.fields, spec: packJson("Process", specOf(options)) };
    try {
      await this.#makings.make((unbounded) => this.#client.exec(request, unbounded), options, {
        remove: () => removeProcess(this.#client, this.id, execId),
        // One that could not be added is not there.
        clear: () => Promise.resolve(),
      });
    } catch (error) {
      await stdio.release();
      throw error;
    }
    const process: ContainerProcess = new ContainerProcess(this.#client, this.id, execId, {
      stdio,
      onRemoved: () => void this.#added.delete(process),
      ...(this.#isOwned && { removeWithoutShim: goesWithContainer }),
    });
    this.#added.add(process);
    if (this.#isGone) await process.release();
    return process;
  }

  async pids(options?: CallOptions): Promise<ContainerPid[]> {
    const { processes } = await this.#client.pids({ id: this.id }, options);
    return processes.map(({ pid, info }) => ({
      pid,
      execId: unpackAny(info, ProcessDetailsSchema)?.execId,
    }));
  }

  async pause(options?: CallOptions): Promise<void> {
    await this.#client.pause({ id: this.id }, options);
  }

  async resume(options?: CallOptions): Promise<void> {
    await this.#client.resume({ id: this.id }, options);
  }

  async update(resources: LinuxResources, options: UpdateOptions = {}): Promise<void> {
    const { annotations = {} } = options;
    const request = { id: this.id, resources: packJson("LinuxResources", resources), annotations };
    await this.#client.update(request, options);
  }

  async checkpoint(path: string, options: CheckpointOptions = {}): Promise<void> {
    const { runc } = options;
    const request = { id: this.id, path, ...(runc && { options: packAny(CheckpointOptionsSchema, runc) }) };
    await this.#client.checkpoint(request, options);
  }

  async stats(options?: CallOptions): Promise<CgroupMetrics | undefined> {
    const { stats } = await this.#client.stats({ id: this.id }, options);
    return unpackAny(stats, MetricsV2Schema) ?? unpackAny(stats, MetricsV1Schema);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#first[Symbol.asyncDispose]();
    } finally {
      if (this.#isOwned) await this.#forgetAdded((process) => process.release());
    }
  }

  /** The processes themselves have ended with the container. */
  async #forgetAdded(forget: (process: ContainerProcess) => Promise<void>): Promise<void> {
    this.#isGone = true;
    await Promise.all(Array.from(this.#added, forget));
  }
}

/** A process that its shim can't remove any more ends with its container, whose own removal does without. */
function goesWithContainer(reason: TtrpcError): Promise<void> {
  return LOST.has(reason.code) ? Promise.resolve() : Promise.reject(reason);
}

/** The description of a further process, as OCI's runtime specification has it. */
function specOf(
  { args, cwd = "/", env = [PATH], user = { uid: 0, gid: 0 }, ...more }: ExecOptions,
): ProcessSpec {
  return {
    args: [...args],
    cwd,
    env: [...env],
    user,
    ...(more.terminal && { terminal: true }),
    ...more.spec,
  };
}
