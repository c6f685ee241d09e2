import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CheckpointOptionsSchema } from "../../../gen/containerd/runc/v1/options_pb.ts";
import type { Metrics as MetricsV1 } from "../../../gen/io/containerd/cgroups/v1/metrics_pb.ts";
import type { Metrics as MetricsV2 } from "../../../gen/io/containerd/cgroups/v2/metrics_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import type { LinuxResources, Process as ProcessSpec } from "../messages/oci_spec.ts";
import type { Process } from "./process.ts";
import type { StdioOptions } from "../stdio/stdio.ts";

/**
 * Options for {@linkcode Task.exec}: what to run, and where its streams lead.
 *
 * @example A shell in a terminal
 * ```ts
 * import type { ExecOptions, Task } from "@ttrpc/ttrpc/shim";
 *
 * const shell: ExecOptions = {
 *   args: ["sh"],
 *   env: ["PATH=/bin", "TERM=xterm"],
 *   terminal: true,
 *   stdin: "inherit",
 *   stdout: "inherit",
 * };
 *
 * async function enter(task: Task): Promise<void> {
 *   await using process = await task.exec(shell);
 *   await process.start();
 *   await process.wait();
 * }
 * ```
 */
export interface ExecOptions extends StdioOptions, CallOptions {
  /** The program in the container, and its arguments. */
  args: readonly string[];
  /**
   * The folder that it starts in.
   *
   * @default {"/"}
   */
  cwd?: string;
  /**
   * Its environment; nothing is inherited.
   *
   * @default {["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}
   */
  env?: readonly string[];
  /**
   * Who it runs as.
   *
   * @default {{ uid: 0, gid: 0 }}
   */
  user?: ProcessSpec["user"];
  /** More of the process's description in the OCI runtime specification. */
  spec?: Partial<ProcessSpec>;
  /** The process's id in the container. No default but a random one. */
  execId?: string;
}

/**
 * Options for {@linkcode Task.update}.
 *
 * @example A limit, and a note beside it
 * ```ts
 * import type { Task, UpdateOptions } from "@ttrpc/ttrpc/shim";
 *
 * async function limit(task: Task, bytes: number): Promise<void> {
 *   const options: UpdateOptions = { annotations: { "example.com/limited": "yes" } };
 *   await task.update({ memory: { limit: bytes } }, options);
 * }
 * ```
 */
export interface UpdateOptions extends CallOptions {
  /** Told to the runtime beside the limits. */
  annotations?: Record<string, string>;
}

/**
 * Options for {@linkcode Task.checkpoint}.
 *
 * @example A container that goes on elsewhere
 * ```ts
 * import type { CheckpointOptions, Task } from "@ttrpc/ttrpc/shim";
 *
 * async function freeze(task: Task, folder: string): Promise<void> {
 *   const options: CheckpointOptions = { runc: { exit: true, fileLocks: true } };
 *   await task.checkpoint(folder, options);
 * }
 * ```
 */
export interface CheckpointOptions extends CallOptions {
  /** For runc, with criu. */
  runc?: MessageInitShape<typeof CheckpointOptionsSchema>;
}

/**
 * What a container uses.
 *
 * @example Memory in bytes
 * ```ts
 * import type { CgroupMetrics } from "@ttrpc/ttrpc/shim";
 *
 * function memoryOf({ memory }: CgroupMetrics): bigint | undefined {
 *   return memory?.$typeName === "io.containerd.cgroups.v2.MemoryStat" ? memory.usage : memory?.usage?.usage;
 * }
 * ```
 */
export type CgroupMetrics = MetricsV1 | MetricsV2;

/**
 * A process of a container as its cgroup has it.
 *
 * @example Those that were added
 * ```ts
 * import type { ContainerPid, Task } from "@ttrpc/ttrpc/shim";
 *
 * async function added(task: Task): Promise<ContainerPid[]> {
 *   return (await task.pids()).filter(({ execId }) => execId !== undefined);
 * }
 * ```
 */
export interface ContainerPid {
  /** Its number on this host. */
  pid: number;
  /** The id with which it was added; undefined if it was not, or the shim does not tell. */
  execId: string | undefined;
}

/**
 * A container's first process, and with it the container.
 *
 * Disposing of it kills and removes the container, if it was made with this object: even if its shim has died.
 *
 * @example Stopping it, politely at first
 * ```ts
 * import type { Task } from "@ttrpc/ttrpc/shim";
 *
 * async function stop(task: Task, graceMs: number): Promise<number> {
 *   await task.kill("SIGTERM");
 *   try {
 *     return (await task.wait({ timeoutMs: graceMs })).exitStatus;
 *   } catch {
 *     await task.kill("SIGKILL");
 *     return (await task.wait()).exitStatus;
 *   }
 * }
 * ```
 */
export interface Task extends Process {
  /**
   * Adds a process to the running container. It waits to be started.
   *
   * @throws {TypeError} If `execId` is no id, or the shim can't have the streams so, as a rejection.
   */
  exec(options: ExecOptions): Promise<Process>;
  /** Lists all processes of the container. Needs cgroups. */
  pids(options?: CallOptions): Promise<ContainerPid[]>;
  /** Freezes all of them. Needs cgroups. */
  pause(options?: CallOptions): Promise<void>;
  /** Lets them go on. */
  resume(options?: CallOptions): Promise<void>;
  /** Changes the container's limits. Needs cgroups. */
  update(resources: LinuxResources, options?: UpdateOptions): Promise<void>;
  /** Writes the container's state to a folder, with which {@linkcode CreateOptions.checkpoint} makes it anew. */
  checkpoint(path: string, options?: CheckpointOptions): Promise<void>;
  /**
   * Tells what the container uses. Numbers may be above 2^53, so they are bigints.
   *
   * @returns One of two messages, by `$typeName`: as the host has version 1 or 2 of cgroups. Undefined if the runtime
   * tells something else.
   */
  stats(options?: CallOptions): Promise<CgroupMetrics | undefined>;
}
