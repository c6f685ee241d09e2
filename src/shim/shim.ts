import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { OptionsSchema } from "../../gen/containerd/runc/v1/options_pb.ts";
import type { MountSchema } from "../../gen/containerd/types/mount_pb.ts";
import type { Transport } from "../client/transport.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import type { ShimEvents } from "./events/serve_events.ts";
import type { StdioOptions } from "./stdio/stdio.ts";
import type { Task } from "./task/task.ts";
import type { TaskClient, TaskVersion } from "./task/task_client.ts";

/**
 * Options for {@linkcode Shim.create}.
 *
 * @example Another runtime, and a file for the output
 * ```ts
 * import type { CreateOptions } from "@ttrpc/ttrpc/shim";
 *
 * const options: CreateOptions = {
 *   runc: { binaryName: "crun" },
 *   stdout: "/var/log/web.log",
 *   stderr: "/var/log/web.log",
 * };
 * ```
 */
export interface CreateOptions extends StdioOptions, CallOptions {
  /**
   * The container's id.
   *
   * @default {Shim.id}
   */
  id?: string;
  /**
   * Folder of the container, named after it.
   *
   * @default {Shim.bundle}
   */
  bundle?: string;
  /**
   * Mounted at `rootfs` in the bundle, and unmounted when the container is removed.
   *
   * @default {[]}
   */
  rootfs?: MessageInitShape<typeof MountSchema>[];
  /** Options for runc, such as another `binaryName`, or `root` for its state. */
  runc?: MessageInitShape<typeof OptionsSchema>;
  /** Options for another runtime; instead of `runc`. */
  runtimeOptions?: Any;
  /** Folder of a checkpoint from which the container is restored. */
  checkpoint?: string;
}

/**
 * What a shim answers to {@linkcode Shim.connect}.
 *
 * @example Whether a shim has a container
 * ```ts
 * import type { Shim, ShimConnection } from "@ttrpc/ttrpc/shim";
 *
 * async function hasContainer(shim: Shim): Promise<boolean> {
 *   const { taskPid }: ShimConnection = await shim.connect({ timeoutMs: 1_000 });
 *   return taskPid !== 0;
 * }
 * ```
 */
export interface ShimConnection {
  /** The shim's process. */
  shimPid: number;
  /** The container's first process; 0 if there is none. */
  taskPid: number;
  /** Mostly empty. */
  version: string;
}

/**
 * A shim: the process that looks after a container, or after a group of them.
 *
 * Disposing of a shim that {@linkcode startShim} has started removes the containers that were made with this object,
 * and ends the shim, unless it has others' containers by now. Disposing of any other one only closes the connection:
 * what was running before runs on.
 *
 * @example A second container in the same shim
 * ```ts
 * import type { Shim, Task } from "@ttrpc/ttrpc/shim";
 *
 * async function startBeside(shim: Shim, id: string, bundle: string): Promise<Task> {
 *   const task = await shim.create({ id, bundle });
 *   await task.start();
 *   return task;
 * }
 * ```
 */
export interface Shim extends AsyncDisposable {
  /** Id of the container that the shim was started for. */
  readonly id: string;
  /** Namespace of its containers. */
  readonly namespace: string;
  /** Absolute path of that container's bundle. */
  readonly bundle: string;
  /** Where it listens. */
  readonly address: string;
  /** Which version of the Task service it serves. */
  readonly taskVersion: TaskVersion;
  /** Its process. */
  readonly pid: number;
  /** Whether this object ends it: it was started by {@linkcode startShim} and was not running before. */
  readonly isOwned: boolean;
  /**
   * Carries calls to it, with the namespace; for clients of other services than Task, such as
   * {@linkcode createSandboxClient}. It refuses the calls that are known to crash shims.
   */
  readonly transport: Transport;
  /** The calls of the Task service as they are, in the version that the shim has. */
  readonly client: TaskClient;
  /** What it tells of its containers, if it was started with `events`; each event goes to one reader. */
  readonly events: ShimEvents | undefined;
  /**
   * Makes a container from its bundle. Its first process waits to be started.
   *
   * What a failed call leaves behind is removed, as far as it was not there before. One that is given up goes on in
   * the shim; its container is removed as soon as it is there.
   *
   * @throws {TypeError} If id, bundle or streams can't be used, as a rejection.
   * @throws {TtrpcError} If the shim can't make it, as a rejection.
   */
  create(options?: CreateOptions): Promise<Task>;
  /**
   * A container that is there already. Nothing is asked of the shim, and disposing of it does nothing.
   *
   * @param id {@linkcode Shim.id} if not given.
   */
  task(id?: string): Task;
  /** Asks who the shim is; shows that it lives. */
  connect(options?: CallOptions): Promise<ShimConnection>;
  /**
   * Ends the shim, unless it still has a container; whether or not it is one's own. A shim that ends before its
   * reply is there, or is gone already, has done what it was asked for.
   */
  shutdown(options?: CallOptions): Promise<void>;
  /** Closes the connection and leaves the shim, and all containers, alone. */
  close(): Promise<void>;
}
