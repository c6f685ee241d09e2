import type { InteropImplementation } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { HandlerContext } from "../../src/server/handler_context.ts";
import { pattern } from "../interop/interop_service.ts";

/** The metadata that tells a handler which call it serves. */
const CALL_KEY = "call";

/** What handlers tell of the calls that they serve. */
export interface ServiceBook {
  /** A handler was called for a call. */
  served(id: number): void;
  /** A handler has seen the end of its input, and so many messages before it. */
  inputEnded?(id: number, messages: number): void;
  /** Awaited as the handler of a call begins, and after each message. */
  step?(id: number, context: HandlerContext): Promise<void> | void;
}

/** The metadata of a call of {@linkcode createService}. */
export function callMetadata(id: number): Record<string, string> {
  return { [CALL_KEY]: `${id}` };
}

/** The number of a call by its metadata. */
export function callNumber(metadata: Iterable<readonly [key: string, value: string]>): number {
  return Number(new Map(metadata).get(CALL_KEY));
}

/** A method of each kind, whose calls have numbers. */
export function createService(book: ServiceBook): Partial<InteropImplementation> {
  const begin = async (context: HandlerContext): Promise<number> => {
    const id = callNumber(context.metadata);
    book.served(id);
    await book.step?.(id, context);
    return id;
  };
  return {
    async echo({ payload }, context) {
      await begin(context);
      return { payload };
    },
    async *count({ n, payloadSize }, context) {
      const id = await begin(context);
      for (let seq = 0; seq < n; seq++) {
        yield { seq: BigInt(seq), payload: pattern(seq, payloadSize) };
        await book.step?.(id, context);
      }
    },
    async sum(numbers, context) {
      const id = await begin(context);
      const reply = { sum: 0n, count: 0n, bytes: 0n };
      for await (const { value, payload } of numbers) {
        reply.sum += value;
        reply.count++;
        reply.bytes += BigInt(payload.length);
        await book.step?.(id, context);
      }
      book.inputEnded?.(id, Number(reply.count));
      return reply;
    },
    async *chat(items, context) {
      const id = await begin(context);
      let messages = 0;
      for await (const item of items) {
        messages++;
        yield item;
        await book.step?.(id, context);
      }
      book.inputEnded?.(id, messages);
    },
  };
}
