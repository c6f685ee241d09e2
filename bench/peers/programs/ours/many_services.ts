import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, ServiceDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Bench, file_bench_v1_bench } from "../../../../gen/bench/v1/bench_pb.ts";

/** So many services, `bench.many.Service0` and on, which of `bench.v1.Bench` have no method but `Echo`. */
export function manyServices(count: number): (typeof Bench)[] {
  const { proto } = Bench.method.echo;
  const file = create(FileDescriptorProtoSchema, {
    name: "bench/many.proto",
    package: "bench.many",
    syntax: "proto3",
    dependency: [file_bench_v1_bench.proto.name],
    service: Array.from(
      { length: count },
      (_, i) => create(ServiceDescriptorProtoSchema, { name: `Service${i}`, method: [proto] }),
    ),
  });
  const registry = createFileRegistry(file, () => file_bench_v1_bench);
  return registry.getFile(file.name)?.services as unknown[] as (typeof Bench)[];
}
