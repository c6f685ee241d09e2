import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { MethodImplementation, ServiceImplementation } from "./service_implementation.ts";

/** Maps the names of services and methods to the functions behind them. Made by {@linkcode createRouter}. */
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

/** What can be served: a router, or a function that adds services to a fresh one. */
export type Routes = Router | ((router: Router) => void);
