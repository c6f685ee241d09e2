import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { type MethodInfo, methodInfo } from "../rpc/method_info.ts";
import { RequestHeads } from "../wire/request_heads.ts";
import type { HandlerContext } from "./handler_context.ts";
import type { Router } from "./router.ts";
import type { MethodImplementation, ServiceImplementation } from "./service_implementation.ts";

/** A method with the function behind it. */
export interface Route {
  /** What is known of the method. */
  readonly info: MethodInfo;
  /** The function, called with a request or an iterable of requests. */
  readonly handler: (input: unknown, context: HandlerContext) => unknown;
}

/** The one implementation of {@linkcode Router}: what was added, by service and method. */
export class RouteTable implements Router {
  readonly #services = new Map<string, Map<string, Route>>();
  readonly #heads = new RequestHeads<Route>();
  readonly #whole = new Set<string>();

  service<Service extends DescService>(
    service: Service,
    implementation: Partial<ServiceImplementation<Service>>,
  ): this {
    if (this.#whole.has(service.typeName)) {
      throw new TypeError(`Cannot add service ${service.typeName}: it was added before`);
    }
    const functions: Record<string, unknown> = implementation;
    const added: [DescMethod, Route["handler"]][] = [];
    for (const method of service.methods) {
      const handler = functions[method.localName];
      // What every object inherits is no implementation.
      const isInherited = handler === Reflect.get(Object.prototype, method.localName);
      if (typeof handler === "function" && !isInherited) added.push([method, handler.bind(implementation)]);
    }
    for (const [method] of added) this.#requireFree(method);
    this.#whole.add(service.typeName);
    this.#methodsOf(service);
    for (const [method, handler] of added) this.#add(method, handler);
    return this;
  }

  rpc<Method extends DescMethod>(method: Method, implementation: MethodImplementation<Method>): this {
    this.#requireFree(method);
    this.#add(method, implementation as Route["handler"]);
    return this;
  }

  /**
   * Finds the function behind a method.
   *
   * @param service Full name of the service.
   * @param method Name of the method as in the proto.
   * @returns The route, or whether it is the `"method"` or the whole `"service"` that does not exist.
   */
  find(service: string, method: string): Route | "service" | "method" {
    const methods = this.#services.get(service);
    return methods === undefined ? "service" : methods.get(method) ?? "method";
  }

  /**
   * Finds the function behind the method that a Request begins with; what follows may name another one.
   *
   * @returns Undefined if the names have to be decoded to find it, or to know that there is none.
   */
  likely(body: Uint8Array): Route | undefined {
    return this.#heads.find(body);
  }

  #methodsOf(service: DescService): Map<string, Route> {
    const known = this.#services.get(service.typeName);
    if (known !== undefined) return known;
    const methods = new Map<string, Route>();
    this.#services.set(service.typeName, methods);
    return methods;
  }

  #requireFree(method: DescMethod): void {
    if (this.#services.get(method.parent.typeName)?.has(method.name) !== true) return;
    throw new TypeError(`Cannot add method ${method.name} of ${method.parent.typeName}: it was added before`);
  }

  #add(method: DescMethod, handler: Route["handler"]): void {
    const info = methodInfo(method);
    const route = { info, handler };
    this.#methodsOf(method.parent).set(method.name, route);
    this.#heads.add(info.requestHead, route);
  }
}
