import { OptionsSchema } from "../../gen/containerd/runc/v1/options_pb.ts";
import type { Transport } from "../client/transport.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import { clock } from "../rpc/clock.ts";
import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { packAny, unpackAny } from "./messages/any.ts";
import { hasBootstrap, removeBootstrap, requireBundle, writeBootstrap } from "./program/bundle.ts";
import { ContainerTask } from "./task/container_task.ts";
import { deleteCommand } from "./program/delete_command.ts";
import { requireIdentifier } from "./identifier.ts";
import { makeContainer, runcStateFolder } from "./task/make_container.ts";
import { ProcessStdio } from "./stdio/process_stdio.ts";
import { removeProcess } from "./task/remove_process.ts";
import type { CreateOptions, Shim, ShimConnection } from "./shim.ts";
import type { ShimTarget } from "./program/shim_command.ts";
import type { ShimEvents } from "./events/serve_events.ts";
import { shimTransport } from "./shim_transport.ts";
import type { StartedProcess } from "./program/started_process.ts";
import { planStdio } from "./stdio/stdio.ts";
import type { Task } from "./task/task.ts";
import { type TaskClient, taskClientOf, type TaskVersion } from "./task/task_client.ts";
import { within } from "./task/within.ts";

/** How long a shim may take to make a container that nobody wants any more. */
const PATIENCE_MS = 10_000;

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
  /** Calls of `create` that are not over, by id. */
  readonly #creations = new Map<string, Promise<Task>>();
  /** Removals that go on after calls that failed. */
  readonly #removals = new Set<Promise<void>>();
  /** Gives up all that is being made. */
  readonly #disposal = new AbortController();
  /** Ends the waiting for what was given up. */
  readonly #impatience = new AbortController();
  /** Whether something that was given up did not come to an end. */
  #isStuck = false;
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
    if (this.#creations.has(id)) {
      const message = `Cannot create ${id}: it is being created already`;
      throw new TtrpcError(message, Code.AlreadyExists, { requestSent: false });
    }
    const signals = [this.#disposal.signal, options.signal].filter((signal) => signal !== undefined);
    const creation = this.#create(id, { ...options, signal: AbortSignal.any(signals) });
    this.#creations.set(id, creation);
    try {
      return await creation;
    } finally {
      this.#creations.delete(id);
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
    const removeWithoutShim = (reason: unknown) => this.#removeApart({ id, bundle }, reason);
    const request = { id, bundle, rootfs, checkpoint, ...stdio.fields, options: runtimeOptions };
    const stateFolder = runcStateFolder(root, this.namespace, id);
    const waitPatiently = (call: Promise<unknown>) => this.#waitPatiently(call);
    const plan = { removeWithoutShim, request, stateFolder, waitPatiently };
    try {
      const pid = await makeContainer(this.client, plan, options, (rest) => this.#remember(rest));
      const removeNote = await this.#leaveNote(bundle);
      const task: ContainerTask = new ContainerTask(this.client, id, {
        pid,
        stdio,
        removeWithoutShim,
        onRemoved: async () => {
          this.#tasks.delete(task);
          await removeNote();
        },
      });
      this.#tasks.add(task);
      return task;
    } catch (error) {
      await stdio.release();
      throw error;
    }
  }

  task(id: string = this.id): Task {
    requireIdentifier("container id", id);
    return new ContainerTask(this.client, id);
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
    this.#disposal.abort(new TtrpcError(`The shim of ${this.id} was disposed of`, Code.Canceled));
    const problems = await this.#removeAll();
    try {
      await this.#process.end(this, this.#isStuck);
    } catch (error) {
      problems.push(error);
    }
    await this.close();
    if (problems.length > 0) {
      throw new AggregateError(problems, `Cannot remove all of the shim of ${this.id}`);
    }
  }

  /** Tells in a bundle who looks after its container, unless that is told there; gives what takes it back. */
  async #leaveNote(bundle: string): Promise<() => Promise<void>> {
    const endpoint = { version: this.taskVersion, address: this.address, protocol: "ttrpc" } as const;
    if (await hasBootstrap(bundle)) return () => Promise.resolve();
    await writeBootstrap(bundle, endpoint);
    return () => removeBootstrap(bundle, endpoint);
  }

  /**
   * Removes a container that can't be removed over the connection. If that was closed, the shim may well live, and
   * is to know that it has a container less.
   */
  async #removeApart(container: { id: string; bundle: string }, reason: unknown): Promise<void> {
    if (this.#closing !== undefined && await this.#removeAnew(container.id)) return;
    // One that hangs would hold on to the container's processes, even dead ones.
    if (isTooLate(reason)) await this.#process?.killIfHung(this);
    await deleteCommand({ ...await this.#target(), ...container });
  }

  /** Resolves to whether the shim has done so. */
  async #removeAnew(id: string): Promise<boolean> {
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

  /** Removes what was made with this object. Resolves to what went wrong. */
  async #removeAll(): Promise<unknown[]> {
    const stop = clock.callAt(clock.now() + PATIENCE_MS, () => this.#impatience.abort(tooLate()));
    try {
      await Promise.allSettled(this.#creations.values());
      const tasks = Array.from(this.#tasks, (task) => task[Symbol.asyncDispose]());
      const results = await Promise.allSettled([...tasks, ...this.#removals]);
      return results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
    } finally {
      stop();
    }
  }

  async #waitPatiently(call: Promise<unknown>): Promise<void> {
    const { signal } = this.#impatience;
    try {
      await within(() => call, { signal });
    } catch (error) {
      this.#isStuck ||= signal.aborted;
      throw error;
    }
  }

  /** A removal that has failed is told of at the end. */
  #remember(removal: Promise<void>): void {
    this.#removals.add(removal);
    removal.then(() => this.#removals.delete(removal), () => {});
  }

  async #close(): Promise<void> {
    await this.transport.close();
    // Those that were on their way have failed now, and what they have made is being removed.
    await Promise.allSettled(this.#creations.values());
    await Promise.allSettled(this.#removals);
    await this.events?.close();
  }
}

/** The error of what a shim should have done long ago. */
function tooLate(): TtrpcError {
  return new TtrpcError("The shim hangs", Code.DeadlineExceeded);
}

function isTooLate(reason: unknown): boolean {
  return reason instanceof TtrpcError && reason.code === Code.DeadlineExceeded;
}
