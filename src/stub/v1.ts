/**
 * What generated stubs import: version 1 of the seam between them and the module.
 *
 * Of this module, stubs import this entrypoint alone, so that a stub and a later version of the module can't
 * drift apart unseen. There is no need to import it by hand.
 *
 * ```ts
 * import type { Transport } from "@ttrpc/ttrpc/stub/v1";
 *
 * export type MakeClient<Client> = (transport: Transport) => Client;
 * ```
 *
 * @module
 */

export { type Client, type ClientMethod, createClient } from "../client/client.ts";
export type { Transport, WaitOptions } from "../client/transport.ts";
export type { ConnectionStats } from "../connection/connection_stats.ts";
export type { CallOptions } from "../rpc/call_options.ts";
export type { MessageSource } from "../rpc/message_source.ts";
export type { ContextKey, ContextValues } from "../rpc/context_values.ts";
export type { RemoteInfo } from "../rpc/remote_info.ts";
export type { StreamingMethod } from "../rpc/streaming_method.ts";
export { Metadata, type MetadataInit } from "../rpc/metadata.ts";
export type { HandlerContext } from "../server/handler_context.ts";
export type { Router } from "../server/router.ts";
export type { MethodImplementation, ServiceImplementation } from "../server/service_implementation.ts";
