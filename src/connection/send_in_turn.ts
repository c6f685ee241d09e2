import type { WriterPipe } from "./writer_pipe.ts";

/** Where senders wait for room: first come, first served. */
export type SendLine = Pick<WriterPipe, "hasRoom" | "whenRoom">;

/**
 * Sends one message when there is room for it, in the sender's turn (PROTOCOL.md B1).
 *
 * @param send Sends the message at once, if it is still to be sent.
 * @returns What `send` returns; rejects with what it throws.
 */
export function sendInTurn<T>(line: SendLine, send: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    line.whenRoom(() => {
      try {
        resolve(send());
      } catch (error) {
        reject(error);
      }
    });
  });
}
