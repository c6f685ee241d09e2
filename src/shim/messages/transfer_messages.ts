// Sources and destinations of the service Transfer, and what goes over the streams they name.
export {
  type StreamInit,
  StreamInitSchema,
} from "../../../gen/containerd/services/streaming/v1/streaming_pb.ts";
export {
  type TransferOptions,
  TransferOptionsSchema,
  type TransferRequest,
  TransferRequestSchema,
} from "../../../gen/containerd/services/transfer/v1/transfer_pb.ts";
export {
  type ContainerPath,
  ContainerPathSchema,
} from "../../../gen/containerd/types/transfer/container_path_pb.ts";
export {
  type ImageReference,
  ImageReferenceSchema,
  type ImageStore,
  ImageStoreSchema,
  type UnpackConfiguration,
  UnpackConfigurationSchema,
} from "../../../gen/containerd/types/transfer/image_store_pb.ts";
export {
  type ImageExportStream,
  ImageExportStreamSchema,
  type ImageImportStream,
  ImageImportStreamSchema,
} from "../../../gen/containerd/types/transfer/image_stream_pb.ts";
export {
  type Progress as TransferProgress,
  ProgressSchema as TransferProgressSchema,
} from "../../../gen/containerd/types/transfer/progress_pb.ts";
export {
  type AuthRequest as RegistryAuthRequest,
  AuthRequestSchema as RegistryAuthRequestSchema,
  type AuthResponse as RegistryAuthResponse,
  AuthResponseSchema as RegistryAuthResponseSchema,
  AuthType as RegistryAuthType,
  HTTPDebug,
  type OCIRegistry,
  OCIRegistrySchema,
  type RegistryResolver,
  RegistryResolverSchema,
} from "../../../gen/containerd/types/transfer/registry_pb.ts";
export {
  type Data as TransferData,
  DataSchema as TransferDataSchema,
  type ReadStream,
  ReadStreamSchema,
  type WindowUpdate,
  WindowUpdateSchema,
  type WriteStream,
  WriteStreamSchema,
} from "../../../gen/containerd/types/transfer/streaming_pb.ts";
export { type Descriptor, DescriptorSchema } from "../../../gen/containerd/types/descriptor_pb.ts";
