// Sources and destinations of transfers, and what goes over their streams.
export {
  type ContainerPath,
  ContainerPathSchema,
} from "../../gen/containerd/types/transfer/container_path_pb.ts";
export {
  type ImageReference,
  ImageReferenceSchema,
  type ImageStore,
  ImageStoreSchema,
  type UnpackConfiguration,
  UnpackConfigurationSchema,
} from "../../gen/containerd/types/transfer/image_store_pb.ts";
export {
  type ImageExportStream,
  ImageExportStreamSchema,
  type ImageImportStream,
  ImageImportStreamSchema,
} from "../../gen/containerd/types/transfer/image_stream_pb.ts";
export { type Progress, ProgressSchema } from "../../gen/containerd/types/transfer/progress_pb.ts";
export {
  type AuthRequest,
  AuthRequestSchema,
  type AuthResponse,
  AuthResponseSchema,
  AuthType,
  HTTPDebug,
  type OCIRegistry,
  OCIRegistrySchema,
  type RegistryResolver,
  RegistryResolverSchema,
} from "../../gen/containerd/types/transfer/registry_pb.ts";
export {
  type Data,
  DataSchema,
  type ReadStream,
  ReadStreamSchema,
  type WindowUpdate,
  WindowUpdateSchema,
  type WriteStream,
  WriteStreamSchema,
} from "../../gen/containerd/types/transfer/streaming_pb.ts";
export { type Descriptor, DescriptorSchema } from "../../gen/containerd/types/descriptor_pb.ts";
export { type Platform, PlatformSchema } from "../../gen/containerd/types/platform_pb.ts";
