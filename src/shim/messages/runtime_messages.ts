// How a shim is started and configured, and what it tells about itself.
export {
  type CheckpointOptions as RuncCheckpointOptions,
  CheckpointOptionsSchema as RuncCheckpointOptionsSchema,
  type Options as RuncOptions,
  OptionsSchema as RuncOptionsSchema,
  type ProcessDetails as RuncProcessDetails,
  ProcessDetailsSchema as RuncProcessDetailsSchema,
} from "../../../gen/containerd/runc/v1/options_pb.ts";
export {
  type BootstrapParams,
  BootstrapParamsSchema,
  type BootstrapResult,
  BootstrapResultSchema,
  Capability as BootstrapCapability,
  type Extension as BootstrapExtension,
  ExtensionSchema as BootstrapExtensionSchema,
  LogLevel as BootstrapLogLevel,
} from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";
export {
  type RuntimeInfo,
  RuntimeInfoSchema,
  type RuntimeRequest,
  RuntimeRequestSchema,
  type RuntimeVersion,
  RuntimeVersionSchema,
} from "../../../gen/containerd/types/runtime_pb.ts";
export {
  type Options as RuntimeOptions,
  OptionsSchema as RuntimeOptionsSchema,
} from "../../../gen/runtimeoptions/v1/options_pb.ts";
