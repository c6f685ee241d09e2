import type { Transport } from "../client/transport.ts";
import { createTransport } from "../net/create_transport.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import { dialAddress } from "./dial_address.ts";
import { refuseFatalRequests } from "./task/fatal_requests.ts";

/** The key under which shims and containerd look for a call's namespace. */
const NAMESPACE_KEY = "containerd-namespace-ttrpc";

/**
 * Makes a transport to a shim: its calls say the namespace, and none of them crashes it.
 *
 * @param address As the shim has told it.
 */
export function shimTransport(address: string, namespace: string): Transport {
  const sayNamespace: Interceptor = (next) => (request) => {
    if (!request.metadata.has(NAMESPACE_KEY)) request.metadata.set(NAMESPACE_KEY, namespace);
    return next(request);
  };
  return createTransport({
    address: dialAddress(address),
    interceptors: [sayNamespace, refuseFatalRequests],
  });
}
