import { createInteropClient, type InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport, type Duplex, type Transport } from "../../mod.ts";
import { connectLent } from "../../src/net/connect.ts";
import { Disturbances } from "./disturbances.ts";
import { addHop } from "./hops.ts";

/** Options for {@linkcode Link}. */
export interface LinkOptions {
  /** Where the server is, at each attempt to connect. */
  address: () => string;
  /** Whether calls pass interceptors. */
  isIntercepted: boolean;
  /** Whether calls wait for a connection. */
  waitForReady: boolean;
}

/** A transport, the connection that it has now, and what was done to it. */
export class Link {
  readonly transport: Transport;
  readonly client: InteropClient;
  readonly isIntercepted: boolean;
  readonly disturbances = new Disturbances();
  #duplex: Duplex | undefined;
  #connections = 0;

  /** Connects at its first call. */
  constructor({ address, isIntercepted, waitForReady }: LinkOptions) {
    this.isIntercepted = isIntercepted;
    this.transport = createTransport({
      connect: async () => {
        this.#duplex = await connectLent(address());
        this.#connections++;
        return this.#duplex;
      },
      waitForReady,
      backoff: { initialMs: 1, maxMs: 50 },
      interceptors: isIntercepted ? [addHop("client")] : [],
    });
    this.client = createInteropClient(this.transport);
  }

  /** How many connections it has had so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Ends the connection in the middle of what goes on. */
  cut(): void {
    this.disturbances.begin();
    this.#duplex?.close();
    this.disturbances.end();
  }
}
