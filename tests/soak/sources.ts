import type { MessageSource } from "../../mod.ts";
import type { Random } from "../random.ts";
import { turns } from "../waiting.ts";

/** What the source of an upload throws that is to give its call up. */
export const SOURCE_ERROR = new Error("The source has run dry");

/** Messages from one source or another. */
export function anySource<T>(messages: T[], random: Random): MessageSource<T> {
  switch (random.below(4)) {
    case 0:
      return messages;
    case 1:
      return messages.values();
    case 2:
      return ReadableStream.from(messages);
    default:
      return inTurns(messages);
  }
}

/** Messages, and then an error. */
export function* throwing<T>(messages: T[]): Generator<T> {
  yield* messages;
  throw SOURCE_ERROR;
}

/** Messages, and then neither more nor an end. */
export async function* pending<T>(messages: T[]): AsyncGenerator<T> {
  yield* messages;
  await new Promise(() => {});
}

/** Messages again and again. */
export function* endless<T>(messages: T[]): Generator<T> {
  for (;;) yield* messages;
}

async function* inTurns<T>(messages: T[]): AsyncGenerator<T> {
  for (const message of messages) {
    await turns(1);
    yield message;
  }
}
