import { assert, assertEquals } from "@std/assert";
import { createInteropClient, type InteropImplementation } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import type { CallOptions } from "../../src/rpc/call_options.ts";
import type { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { HandlerContext } from "../../src/server/handler_context.ts";
import { pattern } from "../interop/interop_service.ts";
import type { Random } from "../random.ts";
import { turns } from "../waiting.ts";
import type { Excuse } from "./excuses.ts";
import { callMetadata, createService } from "./ledger_service.ts";

/** One method of each kind of call. */
export const METHODS = ["echo", "count", "sum", "chat"] as const;

/** A call that is to be made. */
export interface CallPlan {
  method: typeof METHODS[number];
  /** How many messages its streams have. */
  messages: number;
  /** The payload of each message. */
  bytes: number;
  /** After so many messages its handler does nothing more until it is stopped; never, by default. */
  stuckAt?: number;
}

/** Some call, its messages small but for a few. */
export function randomPlan(random: Random): CallPlan {
  const bytes = random.below(random.oneIn(8) ? 100_000 : 200);
  return { method: random.pick(METHODS), messages: random.below(6), bytes };
}

/** Options for {@linkcode Ledger}. */
export interface LedgerOptions {
  /** What a handler does at each of its steps. */
  work?: (context: HandlerContext) => Promise<void> | void;
  /** Told of each thing that happens to a call. */
  onStep?: () => void;
}

interface Entry {
  plan: CallPlan;
  /** How often a handler was called for it. */
  served: number;
  /** How many messages its handler has got, if it has seen the end of them. */
  uploaded: number | undefined;
  /** How many steps its handler has made. */
  steps: number;
  /** Whether its handler has come to where it waits to be stopped. */
  isStuck: boolean;
  /** Whether its handler was stopped at some other place. */
  isStopped: boolean;
  outcome: "none" | "answered" | "failed";
  error: unknown;
}

/** Keeps account of calls: which were made, how often each was served, and what became of it. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #onStep: () => void;
  /** The handlers of these calls. */
  readonly implementation: Partial<InteropImplementation>;

  constructor({ work = () => {}, onStep = () => {} }: LedgerOptions = {}) {
    this.#onStep = onStep;
    this.implementation = createService({
      served: (id) => this.countServed(id),
      inputEnded: (id, messages) => {
        this.#entry(id).uploaded = messages;
      },
      step: async (id, context) => {
        onStep();
        await work(context);
        await this.#countStep(this.#entry(id), context);
      },
    });
  }

  /** How many calls were made. */
  get made(): number {
    return this.#entries.length;
  }

  /** How many calls have got their right answer. */
  get answered(): number {
    return this.#entries.filter(({ outcome }) => outcome === "answered").length;
  }

  /** Whether nothing happens any more unless a handler is stopped: each call has settled, or is stuck. */
  get isQuiet(): boolean {
    return this.#entries.every(({ outcome, isStuck }) => outcome !== "none" || isStuck);
  }

  /** Makes a call; resolves once it has settled, however it ends. */
  async make(transport: Transport, plan: CallPlan, options: CallOptions = {}): Promise<void> {
    const entry: Entry = {
      plan,
      served: 0,
      uploaded: undefined,
      steps: 0,
      isStuck: false,
      isStopped: false,
      outcome: "none",
      error: undefined,
    };
    const id = this.#entries.push(entry) - 1;
    this.#onStep();
    try {
      await this.#ask(transport, plan, { ...options, metadata: callMetadata(id) });
      entry.outcome = "answered";
    } catch (error) {
      entry.outcome = "failed";
      entry.error = error;
    }
    this.#onStep();
  }

  /** Counts a call that a handler elsewhere has served. */
  countServed(id: number): void {
    this.#entry(id).served++;
  }

  /**
   * Holds every call to its account, once nothing happens any more: it has the right answer, served once, or
   * an error that is excused, served once at most, and not at all if that says so.
   *
   * @param excuse The codes that excuse any call, or whether an error excuses a call.
   */
  check(excuse: readonly Code[] | Excuse): void {
    const isExcused = typeof excuse === "function"
      ? excuse
      : (_: number, { code }: TtrpcError) => excuse.includes(code);
    for (const [id, { plan, served, uploaded, outcome, error }] of this.#entries.entries()) {
      const call = `call ${id}, ${plan.method} of ${plan.messages} messages of ${plan.bytes} bytes`;
      assert(outcome !== "none", `${call}: never settled`);
      if (outcome === "answered") assertEquals(served, 1, `${call}: answered, and so often served`);
      assert(served <= 1, `${call}: served ${served} times`);
      if (uploaded !== undefined) {
        assertEquals(uploaded, plan.messages, `${call}: a part taken for the whole`);
      }
      if (outcome === "answered") continue;
      if (!(error instanceof TtrpcError && isExcused(id, error))) {
        throw new Error(`${call}: no such failure was due`, { cause: error });
      }
      assert(error.requestSent || served === 0, `${call}: said to be unsent, but was served: ${error}`);
    }
  }

  /** Holds every call that was served to its answer, but for those that are stuck: those must have failed. */
  checkServedAnswered(): void {
    for (const [id, { plan, served, isStuck, isStopped, outcome, error }] of this.#entries.entries()) {
      const call = `call ${id}, ${plan.method} of ${plan.messages} messages`;
      assert(!isStopped, `${call}: its handler was stopped`);
      const due = served > 0 && !isStuck ? "answered" : "failed";
      if (outcome !== due) throw new Error(`${call}: ${outcome}, where ${due} was due`, { cause: error });
    }
  }

  async #countStep(entry: Entry, { signal }: HandlerContext): Promise<void> {
    if (signal.aborted) entry.isStopped = true;
    if (entry.steps++ !== entry.plan.stuckAt) return;
    entry.isStuck = true;
    while (!signal.aborted) {
      this.#onStep();
      await turns(1);
    }
  }

  async #ask(transport: Transport, plan: CallPlan, options: CallOptions): Promise<void> {
    const client = createInteropClient(transport);
    const { method, messages, bytes } = plan;
    switch (method) {
      case "echo": {
        const payload = pattern(messages, bytes);
        return assertEquals((await client.echo({ payload }, options)).payload, payload);
      }
      case "count":
        return await this.#read(plan, client.count({ n: messages, payloadSize: bytes }, options));
      case "sum": {
        const numbers = sources(messages, (i) => ({ value: BigInt(i), payload: pattern(i, bytes) }));
        const { sum, count, bytes: total } = await client.sum(numbers, options);
        const expected = [(messages * messages - messages) / 2, messages, messages * bytes];
        return assertEquals([sum, count, total].map(Number), expected);
      }
      case "chat": {
        const items = sources(messages, (i) => ({ seq: BigInt(i), payload: pattern(i, bytes) }));
        return await this.#read(plan, client.chat(items, options));
      }
    }
  }

  /** Reads a stream of replies, each of which must be the next one. */
  async #read(
    { messages, bytes }: CallPlan,
    replies: AsyncIterable<{ seq: bigint; payload: Uint8Array }>,
  ): Promise<void> {
    let next = 0;
    for await (const { seq, payload } of replies) {
      assertEquals(Number(seq), next);
      assertEquals(payload, pattern(next, bytes));
      next++;
      this.#onStep();
    }
    assertEquals(next, messages);
  }

  #entry(id: number): Entry {
    const entry = this.#entries[id];
    assert(entry !== undefined, `A call ${id} was served, but never made`);
    return entry;
  }
}

async function* sources<T>(count: number, make: (i: number) => T): AsyncGenerator<T> {
  for (let i = 0; i < count; i++) yield make(i);
}
