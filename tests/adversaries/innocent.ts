import { assertEquals, assertGreater } from "@std/assert";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport, type Transport } from "../../mod.ts";

/** A client that has nothing to do with an attack, and calls on one connection of its own all the time. */
export class Innocent implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #calls: Promise<number>;
  #isOver = false;

  /** Begins to call. */
  constructor(address: string) {
    this.#transport = createTransport({ address });
    this.#calls = this.#callAll();
    this.#calls.catch(() => {
      // Whoever stops it gets the error.
    });
  }

  /**
   * Stops calling.
   *
   * @returns How many calls it has made, which have all succeeded.
   */
  async stop(): Promise<number> {
    this.#isOver = true;
    const calls = await this.#calls;
    assertGreater(calls, 0);
    assertEquals(this.#transport.stats().openCalls, 0);
    return calls;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#transport.close();
  }

  async #callAll(): Promise<number> {
    const client = createInteropClient(this.#transport);
    let calls = 0;
    for (; !this.#isOver; calls += 2) {
      const text = `call ${calls}`;
      assertEquals((await client.echo({ text, plain: true })).text, text);
      const items = await Array.fromAsync(client.count({ n: 3 }));
      assertEquals(items.length, 3);
    }
    return calls;
  }
}
