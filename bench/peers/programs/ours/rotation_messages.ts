import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import * as pb from "../../../../gen/bench/v1/rotation_pb.ts";

/** The messages of a rotation, by the method that takes them. */
export const ROTATION: { [method in keyof typeof pb.Rotation.method]: Input<method> } = {
  echoNothing: {},
  echoFlag: { on: true },
  echoCounter: { value: 18_446_744_073_709_551_615n, delta: -3n, step: -1 },
  echoPoint: { x: 1.5, y: -2.25, weight: 0.5 },
  echoFixed: { a: 4_294_967_295, b: 1n, c: -1, d: -2n },
  echoName: { text: "Ada Lovelace" },
  echoWords: { words: ["to", "be", "or", "not", "to", "be", "那", "is", "the", "question"] },
  echoNumbers: {
    small: times(40, (i) => i * i - 300),
    large: times(10, BigInt),
    bits: times(9, (i) => i % 2 === 0),
  },
  echoSeries: {
    name: "temperature",
    values: times(64, (i) => i / 8),
    times: times(64, (i) => BigInt(i) * 1000n),
  },
  echoChunk: { offset: 65_536n, data: Uint8Array.from(times(4_096, (i) => i)) },
  echoLabels: { labels: { app: "web", tier: "front", "example.com/owner": "Grace Hopper", empty: "" } },
  echoGauges: {
    byId: { 1: 0.5, 70_000: 2.5 },
    byName: { a: { x: 1, y: 2, weight: 0 }, b: { x: 3, y: 0, weight: 1 } },
  },
  echoTree: tree(4),
  echoChoice: { value: { case: "point", value: { x: 7, y: 8, weight: 9 } } },
  echoMaybe: { number: 0, text: "", data: new Uint8Array([1, 2, 3]) },
  echoPaint: { color: pb.Color.BLUE, mixedWith: [pb.Color.RED, pb.Color.GREEN, pb.Color.UNSPECIFIED] },
  echoPerson: person(1),
  echoAddressBook: {
    people: times(20, person),
    byName: Object.fromEntries(times(5, (i) => [`name ${i}`, person(i)])),
  },
  echoEvent: event(1),
  echoMount: mount(1),
  echoProcess: process(),
  echoTask: {
    id: "f3a9c1d2",
    bundle: "/run/containers/f3a9c1d2",
    rootfs: times(3, mount),
    process: process(),
    labels: { labels: { app: "web" } },
    checkpoint: { case: "path", value: "/var/lib/checkpoints/7" },
    options: new Uint8Array(300).fill(7),
  },
  echoMetrics: {
    id: "f3a9c1d2",
    cpu: { user: 123_456_789n, system: 9_876n, perCore: times(16, (i) => BigInt(i) << 32n) },
    memory: { usage: 1n << 33n, limit: 1n << 34n, swap: -1n, oomKills: 0n },
    load: 0.75,
    pressure: 0.125,
    history: times(10, (i) => ({ x: i, y: -i, weight: 1 })),
  },
  echoJournal: {
    entries: times(50, (i) => ({
      id: BigInt(i),
      event: event(i),
      text: `entry ${i}: `.padEnd(40 + i, "…"),
      fields: { unit: "ttrpc", pid: String(1000 + i) },
    })),
  },
};

type Input<M extends keyof typeof pb.Rotation.method> = (typeof pb.Rotation.method)[M] extends
  { input: infer D extends DescMessage } ? MessageInitShape<D> : never;

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function tree(depth: number): MessageInitShape<typeof pb.TreeSchema> {
  return { name: `depth ${depth}`, children: depth === 0 ? [] : [tree(depth - 1), tree(depth - 1)] };
}

function person(id: number): MessageInitShape<typeof pb.PersonSchema> {
  const phones = times(id % 3, (i) => ({ number: `+49 30 ${1_000_000 + i}`, mobile: i === 0 }));
  return { name: `Person ${id}`, id, email: `person${id}@example.com`, phones };
}

function event(nanos: number): MessageInitShape<typeof pb.EventSchema> {
  const payload = new Uint8Array(50).fill(nanos);
  return { seconds: 1_700_000_000n, nanos, namespace: "default", topic: "/tasks/start", payload };
}

function mount(i: number): MessageInitShape<typeof pb.MountSchema> {
  return {
    type: "overlay",
    source: "overlay",
    target: `/mnt/${i}`,
    options: ["ro", `lowerdir=/layers/${i}`],
  };
}

function process(): MessageInitShape<typeof pb.ProcessSchema> {
  return {
    args: ["/usr/bin/env", "sh", "-c", "exec sleep infinity"],
    env: ["PATH=/usr/local/bin:/usr/bin:/bin", "TERM=xterm", "LANG=C.UTF-8"],
    cwd: "/",
    uid: 1000,
    gid: 1000,
    terminal: true,
    limits: { nofile: 1_048_576n, nproc: 4_096n },
  };
}
