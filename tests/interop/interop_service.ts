import { create } from "@bufbuild/protobuf";
import { type Item, type Pair, PairSchema } from "../../gen/interop/v1/interop_pb.ts";
import { type InteropImplementation, registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import { registerPlain } from "../../gen/interop/v1/plain_ttrpc.ts";
import { Code, type HandlerContext, type Router, TtrpcError } from "../../mod.ts";

/** Counts handlers, as `Stats` reports them. */
export class HandlerCounts {
  active = 0;
  started = 0;
  cancelled = 0;
  #idle = Promise.withResolvers<void>();

  constructor() {
    this.#idle.resolve();
  }

  /** Resolves when no handler is running, which may be some time after its call has ended. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Counts a handler with one reply. */
  async one<T>(context: HandlerContext, handle: () => Promise<T>): Promise<T> {
    this.#enter();
    let isDone = false;
    try {
      const reply = await handle();
      isDone = true;
      return reply;
    } finally {
      this.#leave(isDone, context);
    }
  }

  /** Counts a handler with a stream of replies. */
  async *stream<T>(context: HandlerContext, handle: () => AsyncIterable<T>): AsyncGenerator<T> {
    this.#enter();
    let isDone = false;
    try {
      yield* handle();
      isDone = true;
    } finally {
      this.#leave(isDone, context);
    }
  }

  #enter(): void {
    if (this.active++ === 0) this.#idle = Promise.withResolvers();
    this.started++;
  }

  #leave(isDone: boolean, { signal }: HandlerContext): void {
    if (!isDone && signal.aborted) this.cancelled++;
    if (--this.active === 0) this.#idle.resolve();
  }
}

/** Adds `interop.v1.Interop` and `Plain` as their protos tell them. */
export function addServices(router: Router, counts: HandlerCounts): void {
  registerInterop(router, createInterop(counts));
  registerPlain(router, { repeat: (text) => text });
}

function createInterop(counts: HandlerCounts): InteropImplementation {
  return {
    echo: ({ payload, text, plain, replySize, delayMs }, context) =>
      counts.one(context, async () => {
        const seen = plain ? {} : whatIsSeenOf(context);
        await pause(delayMs, context.signal, isNotDisconnect);
        return { payload: replySize === 0 ? payload : pattern(0, replySize), text, ...seen };
      }),

    fail: ({ code, message, detail, withoutStatus }, context) =>
      counts.one(context, () => {
        if (withoutStatus) throw new Error(message);
        throw new TtrpcError(message, code, { details: detail === undefined ? [] : [detail] });
      }),

    empty: (_, context) => counts.one(context, () => Promise.resolve({})),

    stats: () => ({
      active: BigInt(counts.active),
      started: BigInt(counts.started),
      cancelled: BigInt(counts.cancelled),
    }),

    count: ({ n, payloadSize, delayMs, failCode, failMessage, failAfter, report }, context) =>
      counts.stream(context, async function* () {
        let seen = report ? whatIsSeenOf(context) : {};
        for (let seq = 0;; seq++) {
          if (failCode !== 0 && seq === failAfter) throw new TtrpcError(failMessage, failCode);
          if (seq === n) return;
          await pause(delayMs, context.signal);
          yield { seq: BigInt(seq), payload: pattern(seq, payloadSize), ...seen };
          seen = {};
        }
      }),

    fromEmpty: (_, context) =>
      counts.stream(context, async function* () {
        yield* [{ seq: 1n, text: "one" }, { seq: 2n, text: "two" }, { seq: 3n, text: "three" }];
      }),

    sum: (numbers, context) =>
      counts.one(context, async () => {
        const reply = { sum: 0n, count: 0n, bytes: 0n };
        for await (const { value, payload, delayMs, failCode, failMessage, end } of numbers) {
          await pause(delayMs, context.signal);
          if (failCode !== 0) throw new TtrpcError(failMessage, failCode);
          reply.sum += value;
          reply.count++;
          reply.bytes += BigInt(payload.length);
          if (end) break;
        }
        return reply;
      }),

    chat: (items, context) =>
      counts.stream(context, async function* () {
        const seen = whatIsSeenOf(context);
        const held: Item[] = [];
        for await (const item of items) {
          await pause(item.delayMs, context.signal);
          if (item.failCode !== 0) throw new TtrpcError(item.text, item.failCode);
          if (item.report) Object.assign(item, seen);
          if (item.hold) {
            held.push(item);
            continue;
          }
          yield item;
          if (item.end) return;
        }
        yield* held;
      }),
  };
}

/** `size` bytes, byte i = (first + i) & 0xff. */
export function pattern(first: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = first + i;
  return bytes;
}

/** The largest number that a double can be and `timeout_nano` can hold. */
const MOST_NANOS = 2 ** 63 - 1024;

interface Seen {
  /** Sorted by key; the values of one key in the order received. */
  metadata: Pair[];
  /** What is left of the caller's timeout; 0 for none. */
  timeoutNano: bigint;
}

function whatIsSeenOf({ metadata, timeoutMs = 0 }: HandlerContext): Seen {
  const keys = [...new Set([...metadata].map(([key]) => key))].sort();
  return {
    metadata: keys.flatMap((key) => metadata.getAll(key).map((value) => create(PairSchema, { key, value }))),
    timeoutNano: BigInt(Math.min(Math.round(timeoutMs * 1e6), MOST_NANOS)),
  };
}

/** A client that has closed its half may still wait for an answer (PROTOCOL.md Z2). */
function isNotDisconnect(reason: unknown): boolean {
  return !(reason instanceof TtrpcError && reason.code === Code.Unavailable);
}

/** Waits, unless the signal aborts first with a reason that counts: then it throws that. */
async function pause(
  ms: number,
  signal: AbortSignal,
  counts: (reason: unknown) => boolean = () => true,
): Promise<void> {
  if (ms === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => {
    if (counts(signal.reason)) reject(signal.reason);
  };
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
