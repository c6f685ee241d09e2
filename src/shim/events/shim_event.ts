import { type Any, timestampDate } from "@bufbuild/protobuf/wkt";
import * as sandbox from "../../../gen/containerd/events/sandbox_pb.ts";
import * as task from "../../../gen/containerd/events/task_pb.ts";
import type { Envelope } from "../../../gen/containerd/types/event_pb.ts";
import { unpackAny } from "../messages/any.ts";

/**
 * What an event says, by `$typeName`.
 *
 * @example Which container it is about
 * ```ts
 * import type { EventMessage } from "@ttrpc/ttrpc/shim";
 *
 * function containerOf(message: EventMessage): string {
 *   return "containerId" in message ? message.containerId : message.sandboxId;
 * }
 * ```
 */
export type EventMessage =
  | task.TaskCreate
  | task.TaskStart
  | task.TaskExecAdded
  | task.TaskExecStarted
  | task.TaskExit
  | task.TaskDelete
  | task.TaskPaused
  | task.TaskResumed
  | task.TaskCheckpointed
  | task.TaskOOM
  | sandbox.SandboxCreate
  | sandbox.SandboxStart
  | sandbox.SandboxExit;

/**
 * Something that has happened to a container.
 *
 * @example The exit code of a container's first process
 * ```ts
 * import type { ShimEvent } from "@ttrpc/ttrpc/shim";
 *
 * function exitStatusOf({ message }: ShimEvent): number | undefined {
 *   if (message?.$typeName !== "containerd.events.TaskExit") return undefined;
 *   return message.id === message.containerId ? message.exitStatus : undefined;
 * }
 * ```
 */
export interface ShimEvent {
  /** When it has happened, by the shim's clock. */
  timestamp: Date | undefined;
  /** The container's namespace. */
  namespace: string;
  /** What kind of event it is, such as `/tasks/exit`. */
  topic: string;
  /** What has happened; undefined if it is of a type that this module does not know, or can't be decoded. */
  message: EventMessage | undefined;
  /** The same as it has come. */
  any: Any | undefined;
}

const SCHEMAS = [
  task.TaskCreateSchema,
  task.TaskStartSchema,
  task.TaskExecAddedSchema,
  task.TaskExecStartedSchema,
  task.TaskExitSchema,
  task.TaskDeleteSchema,
  task.TaskPausedSchema,
  task.TaskResumedSchema,
  task.TaskCheckpointedSchema,
  task.TaskOOMSchema,
  sandbox.SandboxCreateSchema,
  sandbox.SandboxStartSchema,
  sandbox.SandboxExitSchema,
] as const;

/** Decodes an event by its type. */
export function shimEvent({ timestamp, namespace, topic, event }: Envelope): ShimEvent {
  const decoded = { timestamp: timestamp && timestampDate(timestamp), namespace, topic, any: event };
  return { ...decoded, message: event && decode(event) };
}

function decode(event: Any): EventMessage | undefined {
  try {
    for (const schema of SCHEMAS) {
      const message = unpackAny(event, schema);
      if (message !== undefined) return message;
    }
  } catch {
    // What is no such message can be looked at as it is.
  }
  return undefined;
}
