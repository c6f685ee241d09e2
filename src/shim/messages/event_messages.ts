// Events, and how they are carried.
export {
  type TaskCheckpointed,
  TaskCheckpointedSchema,
  type TaskCreate,
  TaskCreateSchema,
  type TaskDelete,
  TaskDeleteSchema,
  type TaskExecAdded,
  TaskExecAddedSchema,
  type TaskExecStarted,
  TaskExecStartedSchema,
  type TaskExit,
  TaskExitSchema,
  type TaskIO,
  TaskIOSchema,
  type TaskOOM,
  TaskOOMSchema,
  type TaskPaused,
  TaskPausedSchema,
  type TaskResumed,
  TaskResumedSchema,
  type TaskStart,
  TaskStartSchema,
} from "../../../gen/containerd/events/task_pb.ts";
export {
  type SandboxCreate,
  SandboxCreateSchema,
  type SandboxExit,
  SandboxExitSchema,
  type SandboxStart,
  SandboxStartSchema,
} from "../../../gen/containerd/events/sandbox_pb.ts";
export {
  type ForwardRequest,
  ForwardRequestSchema,
} from "../../../gen/containerd/services/events/ttrpc/v1/events_pb.ts";
export { type Envelope, EnvelopeSchema } from "../../../gen/containerd/types/event_pb.ts";
