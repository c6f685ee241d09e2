import { OptionsSchema } from "../../gen/containerd/runc/v1/options_pb.ts";
import type { Transport } from "../client/transport.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { packAny, unpackAny } from "./messages/any.ts";
import { livingShim, removeBootstrap, requireBundle, writeBootstrap } from "./program/bundle.ts";
import type { ShimEndpoint } from "./program/parse_bootstrap.ts";
import { ContainerTask } from "./task/container_task.ts";
import { deleteCommand } from "./program/delete_command.ts";
import { requireIdentifier } from "./identifier.ts";
import { isTooLate } from "./is_too_late.ts";
import { Makings } from "./task/makings.ts";
import { makeContainer, runcStateFolder } from "./task/make_container.ts";
import { ProcessStdio } from "./stdio/process_stdio.ts";
import { problemsOf } from "./problems_of.ts";
import { removeProcess } from "./task/remove_process.ts";
import type { CreateOptions, Shim, ShimConnection } from "./shim.ts";
import type { ShimTarget } from "./program/shim_command.ts";
import type { ShimEvents } from "./events/serve_events.ts";
import { shimTransport } from "./shim_transport.ts";
import type { StartedProcess } from "./program/started_process.ts";
import { planStdio } from "./stdio/stdio.ts";
import type { Task } from "./task/task.ts";
import { type TaskClient, taskClientOf, type TaskVersion } from "./task/task_client.ts";

/** What is known of a shim that answers. */
export interface ShimHandleOptions {
  id: string;
  namespace: string;
  bundle: string;
  address: string;
  taskVersion: TaskVersion;
  /** Its process. */
  pid: number;
  transport: Transport;
  /** Finds its binary, and says what to tell it. */
  target: () => Promise<ShimTarget>;
  /** Its process, which ends when the object is disposed of; undefined for a shim that is not one's own. */
  process?: StartedProcess | undefined;
  events?: ShimEvents | undefined;
}

/** A shim that answers. */
export class ShimHandle implements Shim {
  readonly id: string;
  readonly namespace: string;
  readonly bundle: string;
  readonly address: string;
  readonly taskVersion: TaskVersion;
  readonly pid: number;
  readonly transport: Transport;
  readonly client: TaskClient;
  readonly events: ShimEvents | undefined;
  readonly #target: () => Promise<ShimTarget>;
  readonly #process: StartedProcess | undefined;
  /** Containers that were made with this object. */
  readonly #tasks = new Set<ContainerTask>();
  /** Ids of containers that are being made. */
  readonly #creating = new Set<string>();
  readonly #makings = new Makings();
  #closing: Promise<void> | undefined;

  /** Takes over the transport. */
  constructor(options: ShimHandleOptions) {
    this.id = options.id;
    this.namespace = options.namespace;
    this.bundle = options.bundle;
    this.address = options.address;
    this.taskVersion = options.taskVersion;
    this.pid = options.pid;
    this.transport = options.transport;
    this.events = options.events;
    this.#target = options.target;
    this.#process = options.process;
    this.client = taskClientOf(options.taskVersion, options.transport);
  }

  get isOwned(): boolean {
    return this.#process !== undefined;
  }

  async create(options: CreateOptions = {}): Promise<Task> {
    const { id = this.id } = options;
    // Of two at a time both may fail, and neither would know what the other has made.
    if (this.#creating.has(id)) {
      const message = `Cannot create ${id}: it is being created already`;
      throw new TtrpcError(message, Code.AlreadyExists, { requestSent: false });
    }
    this.#creating.add(id);
    try {
      return await this.#makings.run(() => this.#create(id, options));
    } finally {
      this.#creating.delete(id);
    }
  }

  async #create(id: string, options: CreateOptions): Promise<Task> {
    const { rootfs = [], runc, checkpoint = "" } = options;
    if (runc !== undefined && options.runtimeOptions !== undefined) {
      throw new TypeError("Cannot tell which options are meant: give either runc or runtimeOptions");
    }
    requireIdentifier("container id", id);
    const bundle = await requireBundle(options.bundle ?? this.bundle, id);
    const runtimeOptions = options.runtimeOptions ?? (runc && packAny(OptionsSchema, runc));
    const { root = "" } = unpackAny(runtimeOptions, OptionsSchema) ?? {};
    const stdio = await ProcessStdio.open(planStdio(options));
    const removeWithoutShim = (reason: unknown) => this.#deleteApart({ id, bundle }, reason);
    const request = { id, bundle, rootfs, checkpoint, ...stdio.fields, options: runtimeOptions };
    const stateFolder = runcStateFolder(root, this.namespace, id);
    const plan = { request, stateFolder, removeWithoutShim };
    try {
      const pid = await makeContainer(this.client, this.#makings, plan, options);
      const task: ContainerTask = new ContainerTask(this.client, this.#makings, id, {
        pid,
        stdio,
        removeWithoutShim: async (reason) => {
          if (!await this.#removeAnew(id)) await removeWithoutShim(reason);
        },
        onRemoved: async () => {
          this.#tasks.delete(task);
          if (bundle !== this.bundle) await removeBootstrap(bundle, this.#endpoint);
        },
      });
      this.#tasks.add(task);
      await this.#leaveNote(bundle, task);
      return task;
    } catch (error) {
      await stdio.release();
      throw error;
    }
  }

  task(id: string = this.id): Task {
    requireIdentifier("container id", id);
    return new ContainerTask(this.client, this.#makings, id);
  }

  async connect(options?: CallOptions): Promise<ShimConnection> {
    const { shimPid, taskPid, version } = await this.client.connect({ id: this.id }, options);
    return { shimPid, taskPid, version };
  }

  async shutdown(options?: CallOptions): Promise<void> {
    try {
      await this.client.shutdown({ id: this.id }, options);
    } catch (error) {
      const isGone = error instanceof TtrpcError && error.code === Code.Unavailable;
      if (!isGone) throw error;
    }
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process === undefined || this.#closing !== undefined) return await this.close();
    const problems = await this.#makings.end(givenUp(`The shim of ${this.id} was disposed of`));
    problems.push(...await problemsOf(Array.from(this.#tasks, (task) => task[Symbol.asyncDispose]())));
    problems.push(...await problemsOf([this.#process.end(this, this.#makings.isStuck)]));
    await this.close();
    this.#require(problems);
  }

  #require(problems: unknown[]): void {
    if (problems.length === 0) return;
    throw new AggregateError(problems, `Cannot remove all that was made in the shim of ${this.id}`);
  }

  get #endpoint(): ShimEndpoint {
    return { version: this.taskVersion, address: this.address, protocol: "ttrpc" };
  }

  /** Tells in a bundle who looks after its container, unless that is told there. */
  async #leaveNote(bundle: string, task: Task): Promise<void> {
    try {
      if (await livingShim(bundle) === undefined) await writeBootstrap(bundle, this.#endpoint);
    } catch (error) {
      await task[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Removes a container with the shim's program. */
  async #deleteApart(container: { id: string; bundle: string }, reason: unknown): Promise<void> {
    // A shim that hangs would hold on to the container's processes, even dead ones.
    if (isTooLate(reason)) await this.#process?.killIfHung(this, this.#makings.isStuck);
    await deleteCommand({ ...await this.#target(), ...container });
  }

  /**
   * Removes a container over a connection of its own, if that of this object was closed: the shim may well live, and
   * is to know that it has a container less. Resolves to whether the shim has done so.
   */
  async #removeAnew(id: string): Promise<boolean> {
    if (this.#closing === undefined) return false;
    const transport = shimTransport(this.address, this.namespace);
    try {
      await removeProcess(taskClientOf(this.taskVersion, transport), id, "");
      return true;
    } catch {
      // It is gone, or stuck: its program does without.
      return false;
    } finally {
      await transport.close();
    }
  }

  async #close(): Promise<void> {
    const problems = await this.#makings.end(givenUp(`The connection to the shim of ${this.id} was closed`));
    await this.transport.close();
    await this.events?.close();
    this.#require(problems);
  }
}

function givenUp(message: string): TtrpcError {
  return new TtrpcError(message, Code.Canceled);
}
