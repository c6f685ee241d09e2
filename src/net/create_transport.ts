import { ConnectingTransport } from "../client/connecting_transport.ts";
import type { Transport, TransportOptions } from "../client/transport.ts";
import type { Duplex } from "../connection/duplex.ts";
import { parseAddress } from "./address.ts";
import { connectLent } from "./connect.ts";

/**
 * Options for {@linkcode createTransport}: either `address` or `connect`.
 *
 * @example A second place to look for the server
 * ```ts
 * import { connect, createTransport, type CreateTransportOptions, serve } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await serve({
 *   address: "tcp://127.0.0.1:0",
 *   routes: (router) => registerGreeter(router, { hello: () => ({ text: "Hello" }) }),
 * });
 * const options: CreateTransportOptions = {
 *   connect: () => connect("unix:not-there.sock").catch(() => connect(server.address)),
 *   defaultTimeoutMs: 500,
 * };
 * await using transport = createTransport(options);
 * assertEquals((await createGreeterClient(transport).hello({})).text, "Hello");
 * ```
 */
export interface CreateTransportOptions extends TransportOptions {
  /** Where the server is, in one of the forms that {@linkcode connect} takes. */
  address?: string;
  /**
   * Makes a connection to the server; called again after it was lost. `signal` aborts when the transport is
   * closed meanwhile; a connection that comes all the same is closed at once.
   */
  connect?: (options: { signal: AbortSignal }) => Promise<Duplex>;
}

/**
 * Makes a transport for clients.
 *
 * It connects at its first call, shares the one connection among all its calls, and connects again at the
 * next call after the connection was lost. Without open calls it does not keep the process alive.
 *
 * @throws {TypeError} If not just one of `address` and `connect` is given, or the address has no form there
 * is.
 * @throws {RangeError} If a limit is out of its range, or `defaultTimeoutMs` is NaN.
 *
 * @example Usage
 * ```ts
 * import { createTransport, serve } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await serve({
 *   address: `unix://${await Deno.makeTempDir()}/greeter.sock`,
 *   routes: (router) => registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) }),
 * });
 * await using transport = createTransport({ address: server.address });
 * const greeter = createGreeterClient(transport);
 * assertEquals((await greeter.hello({ name: "Ada" }, { timeoutMs: 500 })).text, "Hello, Ada");
 * ```
 */
export function createTransport(options: CreateTransportOptions): Transport {
  const { address, connect } = options;
  if (connect !== undefined && address === undefined) return new ConnectingTransport(connect, options);
  if (address === undefined || connect !== undefined) {
    throw new TypeError("Cannot create a transport: give either address or connect");
  }
  const { kind } = parseAddress(address);
  // A socket of this machine is there at once or not at all, and a timer takes as long as all of this.
  const isLocal = kind === "unix" || kind === "abstract";
  const connectTimeoutMs = options.connectTimeoutMs ?? (isLocal ? Infinity : undefined);
  return new ConnectingTransport(
    ({ signal }) => connectLent(address, signal),
    { ...options, connectTimeoutMs },
  );
}
