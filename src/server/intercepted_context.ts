import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { CallOptions } from "../rpc/call_options.ts";
import type { ContextValues } from "../rpc/context_values.ts";
import type { InterceptedCall } from "../rpc/interceptor.ts";
import type { Metadata } from "../rpc/metadata.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { type HandlerContext, passedOn } from "./handler_context.ts";

/** The context of a call that has passed interceptors: what they may replace is as the last one left it. */
export class InterceptedContext implements HandlerContext {
  readonly #call: HandlerContext;
  readonly #request: InterceptedCall;
  #signal: AbortSignal | undefined;

  constructor(call: HandlerContext, request: InterceptedCall) {
    this.#call = call;
    this.#request = request;
  }

  /** One that an interceptor has put in may only abort earlier. */
  get signal(): AbortSignal {
    const { signal } = this.#request;
    return this.#signal ??= signal === this.#call.signal
      ? signal
      : AbortSignal.any([this.#call.signal, signal]);
  }

  get deadline(): Date | undefined {
    return this.#call.deadline;
  }

  get timeoutMs(): number | undefined {
    return this.#call.timeoutMs;
  }

  get metadata(): Metadata {
    return this.#request.metadata;
  }

  get contextValues(): ContextValues {
    return this.#request.contextValues;
  }

  get method(): DescMethod {
    return this.#call.method;
  }

  get service(): DescService {
    return this.#call.service;
  }

  get remote(): RemoteInfo {
    return this.#call.remote;
  }

  callOptions(overrides: CallOptions = {}): CallOptions {
    return passedOn(this, overrides);
  }
}
