// bench.v1.Bench as @grpc/grpc-js knows it.
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const proto = fileURLToPath(new URL("../../../../proto/bench/v1/bench.proto", import.meta.url));

export const { Bench } = loadPackageDefinition(loadSync(proto)).bench.v1;

/** Writes messages as fast as they are taken. */
export async function writeAll(stream, messages) {
  for (const message of messages) {
    if (!stream.write(message)) await once(stream, "drain");
  }
  stream.end();
}
