import { isMessage, type Message } from "@bufbuild/protobuf";
import {
  CountRequestSchema,
  EchoRequestSchema,
  ItemSchema,
  NumberSchema,
} from "../../gen/interop/v1/interop_pb.ts";
import type { InterceptedNext } from "../../mod.ts";

const MOST_MS = 3;
const MOST_MESSAGES = 2_000;
const MOST_BYTES = 10_000;

/** Keeps handlers from sleeping for hours, or from making gigabytes, only because a request says so. */
export function tame(next: InterceptedNext): InterceptedNext {
  return (request) =>
    next(
      request.stream
        ? { ...request, message: tamedAll(request.message) }
        : { ...request, message: tamed(request.message) },
    );
}

async function* tamedAll<T extends Message>(messages: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const message of messages) yield tamed(message);
}

function tamed<T extends Message>(message: T): T {
  if (isMessage(message, EchoRequestSchema)) {
    message.delayMs = Math.min(message.delayMs, MOST_MS);
    message.replySize = Math.min(message.replySize, MOST_BYTES);
  } else if (isMessage(message, CountRequestSchema)) {
    message.delayMs = Math.min(message.delayMs, MOST_MS);
    message.n = Math.min(message.n, message.delayMs > 0 ? 20 : MOST_MESSAGES);
    message.payloadSize = Math.min(message.payloadSize, MOST_BYTES);
  } else if (isMessage(message, ItemSchema) || isMessage(message, NumberSchema)) {
    message.delayMs = Math.min(message.delayMs, MOST_MS);
  }
  return message;
}
