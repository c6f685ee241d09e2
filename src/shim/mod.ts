/**
 * Scripts containerd's shims: starts, attaches to, drives and watches them, without containerd.
 *
 * A shim is the process that looks after a container. The same code drives those of containerd 1.6 to 2.4, and
 * of others who speak as they do. It takes Linux, mostly root, and `deno run -A`.
 *
 * ```ts
 * import { startShim } from "@ttrpc/ttrpc/shim";
 *
 * // Runs a container to its end; nothing of it is left then.
 * async function run(id: string, bundle: string): Promise<number> {
 *   await using shim = await startShim({ id, bundle });
 *   await using task = await shim.create({ stdout: "inherit", stderr: "inherit" });
 *   await task.start();
 *   return (await task.wait()).exitStatus;
 * }
 * ```
 *
 * Beside that, all services of shims are here, with the messages that go through them: clients, and what it
 * takes to serve them. There are two versions of the service Task, which differ only in its name: shims of
 * containerd 1.6 and 1.7 serve version 2, for {@linkcode createTaskV2Client}, those of 2.0 and later version 3,
 * for {@linkcode createTaskClient}. The messages are the same, and so are the types of the clients.
 *
 * @module
 */

export { attachShim, type AttachShimOptions } from "./attach_shim.ts";
export { deleteShim, type DeleteShimOptions } from "./delete_shim.ts";
export type { ExitStatus } from "./task/exit_status.ts";
export { type ListedShim, listShims, type ListShimsOptions } from "./list_shims.ts";
export type { KillOptions, Process, ProcessState, TerminalSize } from "./task/process.ts";
export { serveEvents, type ServeEventsOptions, type ShimEvents } from "./events/serve_events.ts";
export type { CreateOptions, Shim, ShimConnection } from "./shim.ts";
export type { EventMessage, ShimEvent } from "./events/shim_event.ts";
export type { ShimProgramOptions } from "./program/shim_program.ts";
export { startShim, type StartShimOptions } from "./start_shim.ts";
export type { Stdio, StdioOptions } from "./stdio/stdio.ts";
export type {
  CgroupMetrics,
  CheckpointOptions,
  ContainerPid,
  ExecOptions,
  Task,
  UpdateOptions,
} from "./task/task.ts";
export type { TaskVersion } from "./task/task_client.ts";

export { packAny, unpackAny } from "./messages/any.ts";
export * from "./messages/cgroup_messages.ts";
export { describeAny } from "./messages/describe_any.ts";
export * from "./messages/event_messages.ts";
export { type OciValues, packJson, unpackJson } from "./messages/oci_json.ts";
export * from "./messages/runtime_messages.ts";
export * from "./messages/sandbox_messages.ts";
export * from "./messages/services.ts";
export { signalNumber } from "./task/signals.ts";
export * from "./messages/task_messages.ts";
export * from "./messages/transfer_messages.ts";
/**
 * The JSON of the OCI runtime specification, as far as containers on Linux are mostly described with it.
 *
 * @example A container
 * ```ts
 * import type { oci } from "@ttrpc/ttrpc/shim";
 *
 * const spec: oci.Spec = {
 *   ociVersion: "1.0.2",
 *   process: { args: ["/bin/sh", "-c", "echo hi"], env: ["PATH=/bin"], cwd: "/" },
 *   root: { path: "rootfs" },
 *   mounts: [{ destination: "/proc", type: "proc", source: "proc" }],
 *   linux: { namespaces: [{ type: "pid" }, { type: "mount" }] },
 * };
 * console.log(JSON.stringify(spec));
 * ```
 */
export type * as oci from "./messages/oci_spec.ts";
