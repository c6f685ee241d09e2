import type { DescMessage } from "@bufbuild/protobuf";
import { HelloRequestSchema } from "../gen/greeter/v1/greeter_pb.ts";
import * as mix from "../gen/mix/v1/mix_pb.ts";

const id = "8b1f6d0c9c3e4f2aa7d05b8e6a1c2d3e";
const time = { seconds: 1_767_225_600n, nanos: 123_456_789 };
const mount = {
  type: "overlay",
  source: "overlay",
  target: "/run/shim/rootfs",
  options: ["workdir=/var/lib/snapshots/12/work", "upperdir=/var/lib/snapshots/12/fs", "ro"],
};
const labels = { "app": "web", "tier": "front", "io.example/managed-by": "operator", "version": "1.2.3" };
const memory = { usage: 123_456_789n, limit: 2n ** 40n, swap: -1n, pressure: 0.25, share: 0.5 };
const process = {
  args: ["/bin/sh", "-c", "exec server --port 8080"],
  env: [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=de_DE.UTF-8",
  ],
  cwd: "/",
  flags: { terminal: true },
  resources: { memoryLimit: 2n ** 30n, cpuset: "0-3", oomDisabled: true, swap: 0n, class: "guaranteed" },
  annotations: { note: "Grüße aus Köln" },
};

/** One message of each type, by its fields; small ones first. */
export const MIX: [about: string, desc: DescMessage, fields: Record<string, unknown>][] = [
  ["nothing", mix.EmptySchema, {}],
  ["16 bytes of text", HelloRequestSchema, { name: "sixteen bytes..." }],
  ["a name", mix.NameSchema, { name: "task-7" }],
  ["a number", mix.CounterSchema, { i: 4711 }],
  ["three booleans", mix.FlagsSchema, { terminal: true, stdin: true }],
  ["16 bytes", mix.BlobSchema, { data: new Uint8Array(16).fill(7) }],
  ["exit status", mix.ExitStatusSchema, { pid: 4711, status: -1, exitedAt: time }],
  ["two texts", mix.StateRequestSchema, { id, execId: "exec-1" }],
  ["state", mix.StateResponseSchema, {
    id,
    bundle: `/run/tasks/${id}`,
    pid: 4711,
    status: mix.Status.RUNNING,
    stdout: "/run/fifo/1/stdout",
    stderr: "/run/fifo/1/stderr",
    exitedAt: time,
  }],
  ["mount", mix.MountSchema, mount],
  ["create", mix.CreateTaskSchema, {
    id,
    bundle: `/run/tasks/${id}`,
    rootfs: [mount],
    stdout: "/run/fifo/1/stdout",
    options: { typeUrl: "example.Options", value: new Uint8Array(60).fill(1) },
  }],
  ["event", mix.EventSchema, {
    timestamp: time,
    namespace: "default",
    topic: "/tasks/exit",
    event: { typeUrl: "example.events.TaskExit", value: new Uint8Array(90).fill(2) },
  }],
  ["text map", mix.LabelsSchema, { labels }],
  ["number maps", mix.PortsSchema, { byPort: { 80: mount, 443: mount }, open: { 80: true, 443: false } }],
  ["64-bit numbers", mix.CpuUsageSchema, {
    total: 987_654_321_012n,
    kernel: 123_456_789n,
    user: 5n,
    perCpu: Array.from({ length: 8 }, (_, i) => BigInt(i) * 1_000_000_007n),
  }],
  ["metrics", mix.MetricsSchema, {
    cpu: { total: 987_654_321_012n, kernel: 123_456_789n, perCpu: [1n, 2n, 3n, 4n] },
    memory,
    devices: { sda: memory, sdb: memory },
    uptime: { seconds: 86_400n },
  }],
  ["packed lists", mix.SamplesSchema, {
    values: Array.from({ length: 100 }, (_, i) => i / 3),
    offsets: Array.from({ length: 100 }, (_, i) => BigInt(i - 50)),
    hashes: Array.from({ length: 100 }, (_, i) => i * 40_000_000),
    valid: Array.from({ length: 100 }, (_, i) => i % 3 === 0),
  }],
  ["1000 numbers", mix.IdsSchema, { ids: Array.from({ length: 1000 }, (_, i) => i * 37) }],
  ["optional fields, wrappers", mix.ResourcesSchema, process.resources],
  ["oneof of bytes", mix.ChangeSchema, {
    path: "/etc/hosts",
    kind: { case: "written", value: { data: new Uint8Array(200).fill(3) } },
  }],
  ["oneof of text", mix.ChangeSchema, { path: "/etc/link", kind: { case: "linked", value: "/etc/hosts" } }],
  ["tree", mix.TreeSchema, tree(4)],
  ["process", mix.ProcessSchema, process],
  ["pod", mix.PodSchema, {
    id,
    name: "web-0",
    uid: "0f0e0d0c-0b0a-4908-8706-050403020100",
    namespace: "default",
    labels,
    annotations: labels,
    processes: [process, process],
    mounts: [mount, mount, mount],
    devices: [1n, 2n ** 60n],
    config: { runtime: "shim", retries: 3, paths: ["/a", "/b"], debug: false },
  }],
  ["log with long text", mix.LogSchema, {
    time,
    text: "A line of text. ".repeat(60),
    scopes: [{ labels }],
    offset: -1n,
  }],
  ["64 KiB", mix.BlobSchema, { data: new Uint8Array(65_536).fill(7) }],
];

function tree(depth: number): Record<string, unknown> {
  const children = depth === 0 ? [] : [tree(depth - 1), tree(depth - 1)];
  return { name: `node-${depth}`, children };
}
