import { fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { assert, assertEquals } from "@std/assert";
import { BootstrapParamsSchema } from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";
import { encodeBootstrapParams } from "../../../src/shim/program/bootstrap_params.ts";
import { READS_VECTORS } from "../../vectors/vector_files.ts";
import { readBootstrapVectors } from "./bootstrap_vectors.ts";

const DEMO = { id: "demo", namespace: "default", containerdAddress: "", debug: false };

Deno.test(
  "encodeBootstrapParams() gives the bytes that real shims were started with",
  READS_VECTORS,
  async () => {
    const { recorded } = await readBootstrapVectors();
    const started: Record<string, Uint8Array> = {
      "BootstrapParams": encodeBootstrapParams(DEMO),
      "BootstrapParams with containerd address": encodeBootstrapParams({
        ...DEMO,
        containerdAddress: "/run/containerd/containerd.sock",
      }),
      "BootstrapParams with socket_dir": encodeBootstrapParams({ ...DEMO, socketDir: "/run/sd" }),
      "BootstrapParams of another instance": encodeBootstrapParams({ ...DEMO, id: "other" }),
    };
    for (const [name, bytes] of Object.entries(started)) {
      const inputs = recorded.filter((start) => start.case === name).map(({ stdinHex }) => stdinHex);
      assertEquals(new Set(inputs), new Set([bytes.toHex()]), name);
    }
  },
);

Deno.test("encodeBootstrapParams() gives each parameter its field", { permissions: "none" }, () => {
  const bytes = encodeBootstrapParams({
    id: "demo",
    namespace: "default",
    containerdAddress: "/run/c.sock",
    ttrpcAddress: "/run/c.sock.ttrpc",
    debug: true,
    socketDir: "/run/s",
  });
  assertEquals(toJson(BootstrapParamsSchema, fromBinary(BootstrapParamsSchema, bytes)), {
    instanceId: "demo",
    namespace: "default",
    logLevel: "LOG_LEVEL_DEBUG",
    containerdGrpcAddress: "/run/c.sock",
    containerdTtrpcAddress: "/run/c.sock.ttrpc",
    socketDir: "/run/s",
  });
});

Deno.test(
  "BootstrapParams has all that containerd sends, and is encoded to the same bytes",
  READS_VECTORS,
  async () => {
    const { bootstrapParams } = await readBootstrapVectors();
    assert(bootstrapParams.length > 0);
    for (const { json, hex } of bootstrapParams) {
      const params = fromBinary(BootstrapParamsSchema, Uint8Array.fromHex(hex));
      assertEquals(params.$unknown, undefined);
      assertEquals(toBinary(BootstrapParamsSchema, params).toHex(), hex);
      assertEquals(toJson(BootstrapParamsSchema, params, { enumAsInteger: true }), json);
    }
  },
);
