import type {
  DescMessage,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
} from "@bufbuild/protobuf";

/** A method with a stream on at least one side. */
export type StreamingMethod<
  Input extends DescMessage = DescMessage,
  Output extends DescMessage = DescMessage,
> =
  | DescMethodServerStreaming<Input, Output>
  | DescMethodClientStreaming<Input, Output>
  | DescMethodBiDiStreaming<Input, Output>;
