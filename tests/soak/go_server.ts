import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport } from "../../mod.ts";
import { untilActive } from "../interop/against_peer.ts";
import { go } from "../interop/go_peers.ts";
import type { PeerProcess } from "../interop/peer_process.ts";
import { GO } from "./abilities.ts";
import { type Memory, memoryOf } from "./memory.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";

/** Go's server. A restart is another process at another address. */
export class GoServer implements SoakServer {
  readonly name = "Go";
  readonly abilities = GO;
  #process: PeerProcess;

  private constructor(process: PeerProcess) {
    this.#process = process;
  }

  /** Starts a process, and waits until it listens. */
  static async start(): Promise<GoServer> {
    return new GoServer(await go.startServer());
  }

  address(): string {
    return this.#process.address;
  }

  async restart(): Promise<void> {
    const old = this.#process;
    this.#process = await go.startServer();
    await old.stop();
  }

  memory(): Promise<Memory> {
    return memoryOf(this.#process.pid);
  }

  async gauges(): Promise<Gauges> {
    await using transport = createTransport({ address: this.address() });
    const { active } = await untilActive(createInteropClient(transport), 0n);
    return { active: Number(active) };
  }

  idleGauges(): Promise<Gauges> {
    return this.gauges();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
