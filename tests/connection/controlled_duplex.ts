import type { Duplex } from "../../src/connection/duplex.ts";
import { GatedSink } from "./gated_sink.ts";

/** A duplex of whose halves each does what a test says. */
export class ControlledDuplex implements Duplex {
  /** What is written. */
  readonly sink = new GatedSink();
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable = this.sink.writable;
  /** How often it was closed. */
  closes = 0;
  /** How often each of them was called, in their order. */
  readonly refs: ("ref" | "unref")[] = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
  }

  /** The peer sends bytes. */
  receive(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  /** The peer closes its half. */
  endReading(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  /** Reading fails. */
  failReading(error: unknown): void {
    this.#controller?.error(error);
    this.#controller = undefined;
  }

  close(): void {
    this.closes++;
    this.endReading();
  }

  ref(): void {
    this.refs.push("ref");
  }

  unref(): void {
    this.refs.push("unref");
  }
}
