import { registerEvents } from "../../../gen/containerd/services/events/ttrpc/v1/events_ttrpc.ts";
import { serve } from "../../net/serve.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { removeIfThere } from "../remove_if_there.ts";
import { EventQueue } from "./event_queue.ts";
import type { ShimEvent } from "./shim_event.ts";
import { shimEvent } from "./shim_event.ts";

/**
 * Options for {@linkcode serveEvents}.
 *
 * @example One service for all shims, until a signal
 * ```ts
 * import { serveEvents, type ServeEventsOptions } from "@ttrpc/ttrpc/shim";
 *
 * const end = new AbortController();
 * const options: ServeEventsOptions = {
 *   address: `unix://${await Deno.makeTempDir()}/events.sock`,
 *   signal: end.signal,
 * };
 * const events = await serveEvents(options);
 * end.abort();
 * for await (const { topic } of events) console.log(topic);
 * ```
 */
export interface ServeEventsOptions {
  /** Where to listen, in one of the forms that `serve` takes; shims know unix sockets. No default but a fresh one. */
  address?: string;
  /** Stops serving when it aborts. */
  signal?: AbortSignal;
}

/**
 * An Events service, and the events that it was sent. Each event goes to one reader; it ends once the service is
 * closed and what had come is read.
 *
 * Up to 1 024 events wait for a reader. Whoever sends more waits for its answer meanwhile; a shim does so for five
 * seconds, and then tries again a few times.
 *
 * @example Waiting for the end of a container
 * ```ts
 * import type { ShimEvents } from "@ttrpc/ttrpc/shim";
 *
 * async function deleted(events: ShimEvents, id: string): Promise<void> {
 *   for await (const { message } of events) {
 *     if (message?.$typeName === "containerd.events.TaskDelete" && message.containerId === id) return;
 *   }
 * }
 * ```
 */
export interface ShimEvents extends AsyncIterable<ShimEvent>, AsyncDisposable {
  /** Where it listens: what `TTRPC_ADDRESS` of a shim has to be. */
  readonly address: string;
  /** Stops serving. */
  close(): Promise<void>;
}

/**
 * Serves what shims tell their events to.
 *
 * @throws {TtrpcError} With code 14 if it can't listen at the address, as a rejection.
 *
 * @example Usage
 * ```ts
 * import { createTransport } from "@ttrpc/ttrpc";
 * import { createEventsClient, packAny, serveEvents, TaskOOMSchema } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * await using events = await serveEvents();
 *
 * // What a shim does, which has the address from the environment:
 * await using transport = createTransport({ address: events.address });
 * const event = packAny(TaskOOMSchema, { containerId: "web-1" });
 * await createEventsClient(transport).forward({ envelope: { topic: "/tasks/oom", namespace: "default", event } });
 *
 * for await (const { topic, message } of events) {
 *   assertEquals([topic, message?.$typeName], ["/tasks/oom", "containerd.events.TaskOOM"]);
 *   break;
 * }
 * ```
 */
export async function serveEvents(options: ServeEventsOptions = {}): Promise<ShimEvents> {
  const { signal } = options;
  const folder = options.address === undefined
    ? await Deno.makeTempDir({ prefix: "ttrpc-events-" })
    : undefined;
  const queue = new EventQueue<ShimEvent>();
  const removeFolder = async () => {
    if (folder !== undefined) await removeIfThere(folder);
  };
  try {
    const server = await serve({
      address: options.address ?? `unix://${folder}/events.sock`,
      routes: (router) =>
        registerEvents(router, {
          async forward({ envelope }, context) {
            if (envelope === undefined) throw new TtrpcError("There is no envelope", Code.InvalidArgument);
            await queue.push(shimEvent(envelope), context.signal);
            return {};
          },
        }),
      ...(signal && { signal }),
    });
    const closed = server.finished.finally(() => queue.end()).then(removeFolder);
    const close = async () => {
      queue.end();
      await server.shutdown({ graceMs: 0 });
      await closed;
    };
    return {
      address: server.address,
      close,
      [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
