import { createRegistry, type Registry } from "@bufbuild/protobuf";
import { file_google_protobuf_empty } from "@bufbuild/protobuf/wkt";
import { file_containerd_events_sandbox } from "../../../gen/containerd/events/sandbox_pb.ts";
import { file_containerd_events_task } from "../../../gen/containerd/events/task_pb.ts";
import { file_containerd_runc_v1_options } from "../../../gen/containerd/runc/v1/options_pb.ts";
import { file_containerd_runtime_bootstrap_v1_bootstrap } from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";
import { file_containerd_runtime_sandbox_v1_sandbox } from "../../../gen/containerd/runtime/sandbox/v1/sandbox_pb.ts";
import { file_containerd_services_events_ttrpc_v1_events } from "../../../gen/containerd/services/events/ttrpc/v1/events_pb.ts";
import { file_containerd_services_streaming_v1_streaming } from "../../../gen/containerd/services/streaming/v1/streaming_pb.ts";
import { file_containerd_services_transfer_v1_transfer } from "../../../gen/containerd/services/transfer/v1/transfer_pb.ts";
import { file_containerd_task_v2_task } from "../../../gen/containerd/task/v2/task_pb.ts";
import { file_containerd_task_v3_task } from "../../../gen/containerd/task/v3/task_pb.ts";
import { file_containerd_types_descriptor } from "../../../gen/containerd/types/descriptor_pb.ts";
import { file_containerd_types_event } from "../../../gen/containerd/types/event_pb.ts";
import { file_containerd_types_metric } from "../../../gen/containerd/types/metric_pb.ts";
import { file_containerd_types_mount } from "../../../gen/containerd/types/mount_pb.ts";
import { file_containerd_types_platform } from "../../../gen/containerd/types/platform_pb.ts";
import { file_containerd_types_runtime } from "../../../gen/containerd/types/runtime_pb.ts";
import { file_containerd_types_sandbox } from "../../../gen/containerd/types/sandbox_pb.ts";
import { file_containerd_types_transfer_container_path } from "../../../gen/containerd/types/transfer/container_path_pb.ts";
import { file_containerd_types_transfer_image_store } from "../../../gen/containerd/types/transfer/image_store_pb.ts";
import { file_containerd_types_transfer_image_stream } from "../../../gen/containerd/types/transfer/image_stream_pb.ts";
import { file_containerd_types_transfer_progress } from "../../../gen/containerd/types/transfer/progress_pb.ts";
import { file_containerd_types_transfer_registry } from "../../../gen/containerd/types/transfer/registry_pb.ts";
import { file_containerd_types_transfer_streaming } from "../../../gen/containerd/types/transfer/streaming_pb.ts";
import { file_containerd_v1_types_task } from "../../../gen/containerd/v1/types/task_pb.ts";
import { file_io_containerd_cgroups_v1_metrics } from "../../../gen/io/containerd/cgroups/v1/metrics_pb.ts";
import { file_io_containerd_cgroups_v2_metrics } from "../../../gen/io/containerd/cgroups/v2/metrics_pb.ts";
import { file_runtimeoptions_v1_options } from "../../../gen/runtimeoptions/v1/options_pb.ts";

let registry: Registry | undefined;

/** The services and messages of containerd, and what else shims put into an `Any`, by their names. */
export function shimRegistry(): Registry {
  return registry ??= createRegistry(
    file_containerd_events_sandbox,
    file_containerd_events_task,
    file_containerd_runc_v1_options,
    file_containerd_runtime_bootstrap_v1_bootstrap,
    file_containerd_runtime_sandbox_v1_sandbox,
    file_containerd_services_events_ttrpc_v1_events,
    file_containerd_services_streaming_v1_streaming,
    file_containerd_services_transfer_v1_transfer,
    file_containerd_task_v2_task,
    file_containerd_task_v3_task,
    file_containerd_types_descriptor,
    file_containerd_types_event,
    file_containerd_types_metric,
    file_containerd_types_mount,
    file_containerd_types_platform,
    file_containerd_types_runtime,
    file_containerd_types_sandbox,
    file_containerd_types_transfer_container_path,
    file_containerd_types_transfer_image_store,
    file_containerd_types_transfer_image_stream,
    file_containerd_types_transfer_progress,
    file_containerd_types_transfer_registry,
    file_containerd_types_transfer_streaming,
    file_containerd_v1_types_task,
    file_google_protobuf_empty,
    file_io_containerd_cgroups_v1_metrics,
    file_io_containerd_cgroups_v2_metrics,
    file_runtimeoptions_v1_options,
  );
}
