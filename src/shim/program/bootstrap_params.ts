import { create, toBinary } from "@bufbuild/protobuf";
import {
  BootstrapParamsSchema,
  LogLevel,
} from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";

/** What a shim is told when it is started. */
export interface StartParams {
  /** Id of the container. */
  readonly id: string;
  /** Namespace of containerd. */
  readonly namespace: string;
  /** Address of containerd's gRPC services, of which the shim makes the name of its socket; may be empty. */
  readonly containerdAddress: string;
  /** Address for events, of those shims that take it from here and not from their environment. */
  readonly ttrpcAddress?: string;
  /** Whether the shim shall log all that helps to find mistakes. */
  readonly debug: boolean;
  /** Folder for the shim's socket. Only shims of containerd 2.3 and later heed it. */
  readonly socketDir?: string;
}

/** Encodes what a shim reads from its standard input when it is run with the action `start`. */
export function encodeBootstrapParams(params: StartParams): Uint8Array<ArrayBuffer> {
  const message = create(BootstrapParamsSchema, {
    instanceId: params.id,
    namespace: params.namespace,
    logLevel: params.debug ? LogLevel.DEBUG : LogLevel.INFO,
    containerdGrpcAddress: params.containerdAddress,
    containerdTtrpcAddress: params.ttrpcAddress,
    socketDir: params.socketDir,
  });
  return toBinary(BootstrapParamsSchema, message);
}
