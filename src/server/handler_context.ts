import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { CallOptions } from "../rpc/call_options.ts";
import { type ContextValues, createContextValues } from "../rpc/context_values.ts";
import type { Deadline } from "../rpc/deadline.ts";
import { Metadata } from "../rpc/metadata.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import type { TtrpcError } from "../rpc/ttrpc_error.ts";

/**
 * What a handler knows of its call.
 *
 * It is a valid {@linkcode CallOptions}: handed on to a client, it passes on the signal, what is left of the
 * deadline, the metadata and the context values.
 *
 * @example A handler that calls another server
 * ```ts
 * import { createRouterTransport, type HandlerContext } from "@ttrpc/ttrpc";
 * import type { HelloRequest } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using upstream = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: (_, { metadata }) => ({ text: metadata.get("language") }) })
 * );
 * const hello = (request: HelloRequest, context: HandlerContext) =>
 *   createGreeterClient(upstream).hello(request, context.callOptions({ timeoutMs: 500 }));
 * await using transport = createRouterTransport((router) => registerGreeter(router, { hello }));
 * const { text } = await createGreeterClient(transport).hello({}, { metadata: { language: "fr" } });
 * assertEquals(text, "fr");
 * ```
 */
export interface HandlerContext {
  /**
   * Aborts when the call is over: canceled, past its deadline, its connection lost, or answered. The reason
   * is a {@linkcode TtrpcError}: with code 1, 4 or 14, or the error that the client was told. It aborts once;
   * a handler that goes on after 14 may still answer a client that has closed its half only (PROTOCOL.md X4,
   * Z2).
   */
  readonly signal: AbortSignal;
  /** When the caller stops waiting; undefined if it waits forever. */
  readonly deadline: Date | undefined;
  /** Milliseconds left until the deadline, now; 0 once it has passed, undefined if there is none. */
  readonly timeoutMs: number | undefined;
  /** What the caller sent along, keys in lower case. */
  readonly metadata: Metadata;
  /** What interceptors have told the handler; never sent. */
  readonly contextValues: ContextValues;
  /** The method that was called. */
  readonly method: DescMethod;
  /** The service of that method. */
  readonly service: DescService;
  /** Who calls. */
  readonly remote: RemoteInfo;
  /**
   * Options for a call that this handler makes: what the context itself passes on, some of it changed. A
   * spread of the context would lose what it passes on.
   *
   * @param overrides Each field that is there takes the place of the context's own. The call still ends with
   * this one, unless `signal` is among them.
   */
  callOptions(overrides?: CallOptions): CallOptions;
}

/** The context of one call; its parts are made when a handler first asks for them. */
export class CallContext implements HandlerContext {
  readonly method: DescMethod;
  readonly remote: RemoteInfo;
  readonly #deadline: Deadline | undefined;
  readonly #pairs: Iterable<readonly [key: string, value: string]>;
  #date: Date | undefined;
  #metadata: Metadata | undefined;
  #contextValues: ContextValues | undefined;
  #controller: AbortController | undefined;
  #reason: TtrpcError | undefined;

  constructor(
    method: DescMethod,
    remote: RemoteInfo,
    deadline: Deadline | undefined,
    metadata: Iterable<readonly [key: string, value: string]>,
  ) {
    this.method = method;
    this.remote = remote;
    this.#deadline = deadline;
    this.#pairs = metadata;
  }

  get service(): DescService {
    return this.method.parent;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get deadline(): Date | undefined {
    const left = this.timeoutMs;
    return left === undefined ? undefined : this.#date ??= new Date(Date.now() + left);
  }

  get timeoutMs(): number | undefined {
    return this.#deadline?.remainingMs;
  }

  get metadata(): Metadata {
    return this.#metadata ??= new Metadata(this.#pairs);
  }

  get contextValues(): ContextValues {
    return this.#contextValues ??= createContextValues();
  }

  callOptions(overrides: CallOptions = {}): CallOptions {
    return passedOn(this, overrides);
  }

  /** Aborts the signal; the first reason stays. */
  abort(reason: TtrpcError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/** Options for a call that passes on what a context has. */
export function passedOn(context: HandlerContext, overrides: CallOptions): CallOptions {
  const { signal, timeoutMs, metadata, contextValues } = context;
  return { signal, timeoutMs, metadata, contextValues, ...overrides };
}
