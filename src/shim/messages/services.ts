// The services of shims and of those who use them: clients, and what it takes to serve them.
export {
  createTaskClient,
  registerTask,
  type TaskClient,
  type TaskImplementation,
} from "../../../gen/containerd/task/v3/task_ttrpc.ts";
export {
  createTaskClient as createTaskV2Client,
  registerTask as registerTaskV2,
  type TaskClient as TaskV2Client,
  type TaskImplementation as TaskV2Implementation,
} from "../../../gen/containerd/task/v2/task_ttrpc.ts";
export {
  createSandboxClient,
  registerSandbox,
  type SandboxClient,
  type SandboxImplementation,
} from "../../../gen/containerd/runtime/sandbox/v1/sandbox_ttrpc.ts";
export {
  createEventsClient,
  type EventsClient,
  type EventsImplementation,
  registerEvents,
} from "../../../gen/containerd/services/events/ttrpc/v1/events_ttrpc.ts";
export {
  createStreamingClient,
  registerStreaming,
  type StreamingClient,
  type StreamingImplementation,
} from "../../../gen/containerd/services/streaming/v1/streaming_ttrpc.ts";
export {
  createTransferClient,
  registerTransfer,
  type TransferClient,
  type TransferImplementation,
} from "../../../gen/containerd/services/transfer/v1/transfer_ttrpc.ts";
