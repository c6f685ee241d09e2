import type {
  DescMessage,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
} from "@bufbuild/protobuf";

/**
 * A method with a stream on at least one side.
 *
 * @example The streaming methods of a service
 * ```ts
 * import type { StreamingMethod } from "@ttrpc/ttrpc";
 * import type { DescMethod } from "@bufbuild/protobuf";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function isStreaming(method: DescMethod): method is StreamingMethod {
 *   return method.methodKind !== "unary";
 * }
 *
 * assertEquals(Greeter.methods.filter(isStreaming).map(({ name }) => name), ["Count", "HelloAll", "Chat"]);
 * ```
 */
export type StreamingMethod<
  Input extends DescMessage = DescMessage,
  Output extends DescMessage = DescMessage,
> =
  | DescMethodServerStreaming<Input, Output>
  | DescMethodClientStreaming<Input, Output>
  | DescMethodBiDiStreaming<Input, Output>;
