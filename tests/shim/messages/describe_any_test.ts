import { create, createRegistry, type MessageInitShape } from "@bufbuild/protobuf";
import { type Any, AnySchema, EmptySchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { assertEquals } from "@std/assert";
import { TaskExitSchema } from "../../../gen/containerd/events/task_pb.ts";
import { OptionsSchema, ProcessDetailsSchema } from "../../../gen/containerd/runc/v1/options_pb.ts";
import {
  CreateTaskRequestSchema,
  PidsResponseSchema,
  StateResponseSchema,
  UpdateTaskRequestSchema,
} from "../../../gen/containerd/task/v3/task_pb.ts";
import { EnvelopeSchema } from "../../../gen/containerd/types/event_pb.ts";
import { SandboxSchema } from "../../../gen/containerd/types/sandbox_pb.ts";
import { Status } from "../../../gen/containerd/v1/types/task_pb.ts";
import { HelloRequestSchema } from "../../../gen/greeter/v1/greeter_pb.ts";
import { MetricsSchema } from "../../../gen/io/containerd/cgroups/v1/metrics_pb.ts";
import { packAny } from "../../../src/shim/messages/any.ts";
import { describeAny } from "../../../src/shim/messages/describe_any.ts";
import { packJson } from "../../../src/shim/messages/oci_json.ts";

const unknown = create(AnySchema, { typeUrl: "a.b/no.such.Type", value: Uint8Array.of(1, 2, 255) });
const describedUnknown = { "@type": "a.b/no.such.Type", value: "AQL/" };

Deno.test("describeAny() shows the fields of a message", { permissions: "none" }, () => {
  const state: MessageInitShape<typeof StateResponseSchema> = {
    id: "c1",
    status: Status.RUNNING,
    exitedAt: { seconds: -62135596800n },
  };
  assertEquals(describeAny(packAny(StateResponseSchema, state)), {
    "@type": "containerd.task.v3.StateResponse",
    id: "c1",
    status: "RUNNING",
    exitedAt: "0001-01-01T00:00:00Z",
  });
  const metrics = packAny(MetricsSchema, {
    hugetlb: [{ max: 2n ** 64n - 1n }],
    cpu: { usage: { perCpu: [1n] } },
  });
  assertEquals(describeAny(metrics), {
    "@type": "io.containerd.cgroups.v1.Metrics",
    hugetlb: [{ max: "18446744073709551615" }],
    cpu: { usage: { perCpu: ["1"] } },
  });
});

Deno.test("describeAny() shows the type as it was written", { permissions: "none" }, () => {
  const any = packAny(OptionsSchema, { root: "/r" });
  for (const typeUrl of ["/containerd.runc.v1.Options", "a.b/containerd.runc.v1.Options"]) {
    assertEquals(describeAny({ ...any, typeUrl }), { "@type": typeUrl, root: "/r" });
  }
});

Deno.test("describeAny() shows what is packed in a message", { permissions: "none" }, () => {
  const resources = packJson("LinuxResources", { pids: { limit: 7 } });
  const oci = "types.containerd.io/opencontainers/runtime-spec/1/";
  const packed: [Any, object][] = [
    [
      packAny(CreateTaskRequestSchema, {
        id: "a",
        options: packAny(OptionsSchema, { root: "/r" }),
        stdin: "i",
      }),
      {
        id: "a",
        stdin: "i",
        options: { "@type": "containerd.runc.v1.Options", root: "/r" },
      },
    ],
    [packAny(UpdateTaskRequestSchema, { resources, annotations: { b: "c" } }), {
      resources: { "@type": `${oci}LinuxResources`, pids: { limit: 7 } },
      annotations: { b: "c" },
    }],
    // In a list, in a map, and in what is packed itself.
    [
      packAny(PidsResponseSchema, {
        processes: [{ pid: 1 }, { pid: 2, info: packAny(ProcessDetailsSchema, { execId: "e" }) }],
      }),
      {
        processes: [{ pid: 1 }, {
          pid: 2,
          info: { "@type": "containerd.runc.v1.ProcessDetails", execId: "e" },
        }],
      },
    ],
    [packAny(SandboxSchema, { extensions: { x: unknown, y: packAny(EmptySchema) } }), {
      extensions: { x: describedUnknown, y: { "@type": "google.protobuf.Empty" } },
    }],
    [
      packAny(EnvelopeSchema, {
        event: packAny(EnvelopeSchema, { event: packAny(TaskExitSchema, { pid: 7 }) }),
      }),
      {
        event: {
          "@type": "containerd.types.Envelope",
          event: { "@type": "containerd.events.TaskExit", pid: 7 },
        },
      },
    ],
  ];
  for (const [any, described] of packed) {
    assertEquals(describeAny(any), { "@type": any.typeUrl, ...described });
  }
});

Deno.test("describeAny() shows what the OCI runtime specification has", { permissions: "none" }, () => {
  const process = packJson("Process", { cwd: "/", args: ["sh"] });
  assertEquals(describeAny(process), { "@type": process.typeUrl, cwd: "/", args: ["sh"] });
  const typeUrl = "types.containerd.io/opencontainers/runtime-spec/1/features/Features";
  assertEquals(describeAny({ ...process, typeUrl }), { "@type": typeUrl, cwd: "/", args: ["sh"] });
});

Deno.test("describeAny() shows bytes where it knows no better", { permissions: "none" }, () => {
  const broken = { ...packAny(OptionsSchema), value: Uint8Array.of(0x0a) };
  const noJson = { ...packJson("Spec", { ociVersion: "1.0.2" }), value: Uint8Array.of(0x7b) };
  const nowhen = packAny(StateResponseSchema, { exitedAt: { seconds: 2n ** 62n } });
  assertEquals(describeAny(unknown), describedUnknown);
  for (const any of [create(AnySchema), { ...unknown, typeUrl: "a/" }, broken, noJson, nowhen]) {
    assertEquals(describeAny(any), { "@type": any.typeUrl, value: any.value.toBase64() });
  }
  // What is around it is shown all the same.
  assertEquals(describeAny(packAny(EnvelopeSchema, { topic: "/t", event: broken })), {
    "@type": "containerd.types.Envelope",
    topic: "/t",
    event: { "@type": "containerd.runc.v1.Options", value: "Cg==" },
  });
});

Deno.test("describeAny() knows further messages from a registry", { permissions: "none" }, () => {
  const hello = packAny(HelloRequestSchema, { name: "Ada" });
  assertEquals(describeAny(hello), { "@type": "greeter.v1.HelloRequest", value: "CgNBZGE=" });
  const registry = createRegistry(HelloRequestSchema, TimestampSchema);
  assertEquals(describeAny(hello, registry), { "@type": "greeter.v1.HelloRequest", name: "Ada" });
  // JSON that is no object.
  const epoch = { "@type": "google.protobuf.Timestamp", value: "1970-01-01T00:00:00Z" };
  assertEquals(describeAny(packAny(TimestampSchema), registry), epoch);
  assertEquals(describeAny(packAny(EnvelopeSchema, { event: hello }), registry), {
    "@type": "containerd.types.Envelope",
    event: { "@type": "greeter.v1.HelloRequest", name: "Ada" },
  });
});

Deno.test("describeAny() goes only so deep", { permissions: "none" }, () => {
  let any = packAny(EmptySchema);
  for (let i = 0; i < 1000; i++) any = packAny(EnvelopeSchema, { event: any });
  let depth = 0;
  let described: unknown = describeAny(any);
  while (typeof described === "object" && described !== null && "event" in described) {
    described = described.event;
    depth++;
  }
  assertEquals(depth, 10);
});
