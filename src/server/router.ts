import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { MethodImplementation, ServiceImplementation } from "./service_implementation.ts";

/**
 * Maps the names of services and methods to the functions behind them. Made by {@linkcode createRouter}.
 *
 * @example One method at a time
 * ```ts
 * import { createRouterTransport, type Router } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function addGreetings(router: Router): void {
 *   router.rpc(Greeter.method.hello, ({ name }) => ({ text: `Hello, ${name}` }));
 *   router.rpc(Greeter.method.count, ({ n }) => Array.from({ length: n }, (_, i) => ({ i })));
 * }
 *
 * await using transport = createRouterTransport(addGreetings);
 * const replies = createGreeterClient(transport).count({ n: 3 });
 * assertEquals(await Array.fromAsync(replies, ({ i }) => i), [0, 1, 2]);
 * ```
 */
export interface Router {
  /**
   * Adds a service. A method that `implementation` leaves out answers {@linkcode Code.Unimplemented}.
   *
   * @param service Describes the service, such as `Greeter` of `greeter_pb.ts`.
   * @param implementation Its functions; called as methods of this object.
   * @throws {TypeError} If the service, or one of its methods, was added before.
   */
  service<Service extends DescService>(
    service: Service,
    implementation: Partial<ServiceImplementation<Service>>,
  ): this;
  /**
   * Adds one method.
   *
   * @param method Describes the method, such as `Greeter.method.hello`.
   * @param implementation The function behind it.
   * @throws {TypeError} If the method was added before.
   */
  rpc<Method extends DescMethod>(method: Method, implementation: MethodImplementation<Method>): this;
}

/**
 * What can be served: a router, or a function that adds services to a fresh one.
 *
 * @example A function or a router
 * ```ts
 * import { createRouter, createRouterTransport, type Routes } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const hello = () => ({ text: "Hello" });
 * const forms: Routes[] = [
 *   (router) => registerGreeter(router, { hello }),
 *   createRouter().service(Greeter, { hello }),
 * ];
 * for (const routes of forms) {
 *   await using transport = createRouterTransport(routes);
 *   assertEquals((await createGreeterClient(transport).hello({})).text, "Hello");
 * }
 * ```
 */
export type Routes = Router | ((router: Router) => void);
