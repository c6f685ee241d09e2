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

export * from "./event_messages.ts";
export * from "./runtime_messages.ts";
export * from "./sandbox_messages.ts";
export * from "./services.ts";
export { signalNumber } from "./signals.ts";
export * from "./task_messages.ts";
/**
 * What `StatsResponse` carries on a host with cgroups of version 1.
 *
 * @example Used memory
 * ```ts
 * import { anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
 * import { create } from "@bufbuild/protobuf";
 * import { cgroupsV1 } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const metrics = create(cgroupsV1.MetricsSchema, { memory: { usage: { usage: 4096n } } });
 * const stats = anyPack(cgroupsV1.MetricsSchema, metrics);
 * assertEquals(anyUnpack(stats, cgroupsV1.MetricsSchema)?.memory?.usage?.usage, 4096n);
 * ```
 */
export * as cgroupsV1 from "./cgroups_v1.ts";
/**
 * What `StatsResponse` carries on a host with cgroups of version 2.
 *
 * @example Used memory
 * ```ts
 * import { anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
 * import { create } from "@bufbuild/protobuf";
 * import { cgroupsV2 } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const metrics = create(cgroupsV2.MetricsSchema, { memory: { usage: 4096n } });
 * const stats = anyPack(cgroupsV2.MetricsSchema, metrics);
 * assertEquals(anyUnpack(stats, cgroupsV2.MetricsSchema)?.memory?.usage, 4096n);
 * ```
 */
export * as cgroupsV2 from "./cgroups_v2.ts";
/**
 * Sources and destinations of the service Transfer, and what goes over the streams they name.
 *
 * @example Progress of a transfer
 * ```ts
 * import { create } from "@bufbuild/protobuf";
 * import { transfer } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const progress = create(transfer.ProgressSchema, { event: "downloading", progress: 1n, total: 4n });
 * assertEquals(Number(progress.progress) / Number(progress.total), 0.25);
 * ```
 */
export * as transfer from "./transfer.ts";
