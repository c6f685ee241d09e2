/**
 * ttrpc for Deno: protobuf services over a 10-byte frame on local sockets.
 *
 * A service and its client in one process; over a socket, `createTransport({ address })` and
 * `serve({ address })` take the place of the router transport.
 *
 * ```ts
 * import { createRouterTransport } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: (request) => ({ text: `Hello, ${request.name}` }) })
 * );
 * const greeter = createGreeterClient(transport);
 * console.log((await greeter.hello({ name: "Ada" })).text);
 * ```
 *
 * @module
 */

export type { BackoffOptions } from "./src/client/backoff.ts";
export { type Client, type ClientMethod, createClient } from "./src/client/client.ts";
export type { TransportState } from "./src/client/connection_source.ts";
export type { PingOptions } from "./src/client/heartbeat.ts";
export type { Transport, TransportOptions, WaitOptions } from "./src/client/transport.ts";
export type { ConnectionOptions } from "./src/connection/connection_options.ts";
export type { ConnectionStats } from "./src/connection/connection_stats.ts";
export type { Duplex } from "./src/connection/duplex.ts";
export { type Authorize, sameUser } from "./src/net/authorize.ts";
export { connect } from "./src/net/connect.ts";
export { createRouterTransport, type RouterTransportOptions } from "./src/net/create_router_transport.ts";
export { createTransport, type CreateTransportOptions } from "./src/net/create_transport.ts";
export { listen, type Listener } from "./src/net/listen.ts";
export { memoryDuplex } from "./src/net/memory_duplex.ts";
export { serve, type ServeOptions } from "./src/net/serve.ts";
export type { Server } from "./src/net/server.ts";
export type { CallOptions } from "./src/rpc/call_options.ts";
export { Code, codeToString } from "./src/rpc/code.ts";
export type { MessageSource } from "./src/rpc/message_source.ts";
export {
  type ContextKey,
  type ContextKeyOptions,
  type ContextValues,
  createContextKey,
  createContextValues,
} from "./src/rpc/context_values.ts";
export type {
  InterceptedCall,
  InterceptedNext,
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "./src/rpc/interceptor.ts";
export type { PeerCredentials, RemoteInfo } from "./src/rpc/remote_info.ts";
export type { StreamingMethod } from "./src/rpc/streaming_method.ts";
export { Metadata, type MetadataInit } from "./src/rpc/metadata.ts";
export {
  type ErrorDetail,
  isUnimplemented,
  type OutgoingDetail,
  TtrpcError,
  type TtrpcErrorOptions,
} from "./src/rpc/ttrpc_error.ts";
export type { HandlerContext } from "./src/server/handler_context.ts";
export { createRouter } from "./src/server/create_router.ts";
export type { Router, Routes } from "./src/server/router.ts";
export {
  type ErrorContext,
  serveConnection,
  type ServeConnectionOptions,
} from "./src/server/serve_connection.ts";
export type { ServedConnection, ShutdownOptions } from "./src/server/served_connection.ts";
export type { MethodImplementation, ServiceImplementation } from "./src/server/service_implementation.ts";
export type { OutOfOrderIds } from "./src/server/stream_ids.ts";
