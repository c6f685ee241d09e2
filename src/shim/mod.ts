/**
 * containerd's shims over ttrpc: their services, with the messages that go through them.
 *
 * Whoever has the address of a shim can drive its container. Here the shim is one of our own, with no socket
 * in between; over a socket, `createTransport({ address })` takes the place of the router transport.
 *
 * ```ts
 * import { createRouterTransport } from "@ttrpc/ttrpc";
 * import { createTaskClient, registerTask, Status } from "@ttrpc/ttrpc/shim";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerTask(router, { state: ({ id }) => ({ id, pid: 42, status: Status.RUNNING }) })
 * );
 * const task = createTaskClient(transport);
 * console.log((await task.state({ id: "web-1" })).pid);
 * ```
 *
 * There are two versions of the service Task, which differ only in its name: shims of containerd 1.6 and 1.7
 * serve version 2, for {@linkcode createTaskV2Client}, those of 2.0 and later version 3, for
 * {@linkcode createTaskClient}. The messages are the same, and so are the types of the clients.
 *
 * @module
 */

export { packAny, unpackAny } from "./any.ts";
export * from "./cgroup_messages.ts";
export { describeAny } from "./describe_any.ts";
export * from "./event_messages.ts";
export { type OciValues, packJson, unpackJson } from "./oci_json.ts";
export * from "./runtime_messages.ts";
export * from "./sandbox_messages.ts";
export * from "./services.ts";
export { signalNumber } from "./signals.ts";
export * from "./task_messages.ts";
export * from "./transfer_messages.ts";
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
export type * as oci from "./oci_spec.ts";
