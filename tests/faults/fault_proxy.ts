import type { LinkRecord } from "./excuses.ts";
import type { Fault } from "./fault.ts";
import { FaultLink } from "./fault_link.ts";

/** A proxy between two socket files, which does to each connection what a plan says. */
export class FaultProxy implements AsyncDisposable {
  readonly #listener: Deno.UnixListener;
  readonly #upstream: string;
  readonly #plan: readonly (Fault | undefined)[];
  readonly #links: FaultLink[] = [];
  readonly #finished: Promise<void>;

  /**
   * Begins to listen.
   *
   * @param plan What becomes of the first connection, the second, and so on; all that follow are left alone.
   */
  constructor(path: string, upstream: string, plan: readonly (Fault | undefined)[]) {
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#upstream = upstream;
    this.#plan = plan;
    this.#finished = this.#accept();
  }

  /** The connections so far. */
  get links(): readonly LinkRecord[] {
    return this.#links;
  }

  /** Breaks all connections off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const link of this.#links) link.close();
    await this.#finished;
  }

  async #accept(): Promise<void> {
    const relays: Promise<void>[] = [];
    for await (const client of this.#listener) relays.push(this.#relay(client, this.#plan[relays.length]));
    await Promise.all(relays);
  }

  async #relay(client: Deno.Conn, fault: Fault | undefined): Promise<void> {
    let server: Deno.Conn;
    try {
      server = await Deno.connect({ transport: "unix", path: this.#upstream });
    } catch {
      // The server has gone: so has what it would have said.
      return client.close();
    }
    const link = new FaultLink(client, server, fault);
    this.#links.push(link);
    await link.run();
  }
}
