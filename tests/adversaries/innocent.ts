import { assertEquals, assertGreater } from "@std/assert";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createTransport, type Transport } from "../../mod.ts";
import { mustBecome } from "../waiting.ts";

/** A client that has nothing to do with an attack, and calls on one connection of its own all the time. */
export class Innocent implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #calls: Promise<void>;
  #isOver = false;
  #made = 0;

  /** Begins to call. */
  constructor(address: string) {
    this.#transport = createTransport({ address });
    this.#calls = this.#callAll();
    this.#calls.catch(() => {
      // Whoever stops it gets the error.
    });
  }

  /** Waits until it has made so many calls. */
  async hasCalled(calls: number): Promise<void> {
    await mustBecome(`${calls} innocent calls`, () => this.#made >= calls);
  }

  /**
   * Stops calling.
   *
   * @returns How many calls it has made, which have all succeeded.
   */
  async stop(): Promise<number> {
    this.#isOver = true;
    await this.#calls;
    assertGreater(this.#made, 0);
    assertEquals(this.#transport.stats().openCalls, 0);
    return this.#made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#transport.close();
  }

  async #callAll(): Promise<void> {
    const client = createInteropClient(this.#transport);
    for (; !this.#isOver; this.#made += 2) {
      const text = `call ${this.#made}`;
      assertEquals((await client.echo({ text, plain: true })).text, text);
      const items = await Array.fromAsync(client.count({ n: 3 }));
      assertEquals(items.length, 3);
    }
  }
}
