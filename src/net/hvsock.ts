import { Deadline } from "../rpc/deadline.ts";
import { watchBounds } from "../rpc/watch_bounds.ts";

/** Milliseconds for the hypervisor's answer; Firecracker, for one, itself waits two seconds for its guest. */
const ANSWER_TIMEOUT_MS = 5000;

/** The longest answer, its end of line included. */
const MAX_ANSWER_BYTES = 64;

const NEWLINE = 0x0a;

/** Options for {@linkcode connectToGuest}. */
export interface ConnectToGuestOptions {
  /** Ends the attempt: the transport was closed. */
  signal?: AbortSignal | undefined;
}

/**
 * Has a hypervisor connect its socket to a port of its guest. Nothing after the hypervisor's answer is read.
 *
 * The time limit is its own, since no call's deadline holds here: many calls may wait for one connection.
 *
 * @throws {Error} If the hypervisor does not agree or does not answer in time, as a rejection; the socket is
 * closed then.
 */
export async function connectToGuest(
  conn: Deno.Conn,
  port: number,
  { signal }: ConnectToGuestOptions = {},
): Promise<void> {
  let givenUp: Error | undefined;
  const giveUp = (reason: string) => {
    if (givenUp === undefined) conn.close();
    givenUp ??= new Error(reason);
  };
  const forget = watchBounds({ signal, deadline: Deadline.afterMs(ANSWER_TIMEOUT_MS) }, {
    aborted: () => giveUp("Nobody waits for the connection any more"),
    deadlinePassed: () => giveUp(`No answer from the hypervisor within ${ANSWER_TIMEOUT_MS} ms`),
  });
  try {
    // So few bytes fit into the buffer of a new socket.
    await conn.write(new TextEncoder().encode(`CONNECT ${port}\n`));
    const answer = await readAnswer(conn);
    if (givenUp !== undefined) throw givenUp;
    if (!/^OK \d+$/.test(answer)) throw new Error(`The hypervisor answered ${JSON.stringify(answer)}`);
  } catch (error) {
    if (givenUp !== undefined) throw givenUp;
    conn.close();
    throw error;
  } finally {
    forget();
  }
}

/** Reads byte by byte: what comes after the line is the guest's. */
async function readAnswer(conn: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(MAX_ANSWER_BYTES);
  const text = (length: number) => new TextDecoder().decode(bytes.subarray(0, length));
  for (let i = 0; i < bytes.length; i++) {
    if (await conn.read(bytes.subarray(i, i + 1)) === null) throw new Error(endOfAnswer(text(i)));
    if (bytes[i] === NEWLINE) return text(i);
  }
  throw new Error(`The hypervisor answered with no end of line: ${JSON.stringify(text(bytes.length))}`);
}

function endOfAnswer(answer: string): string {
  return answer === ""
    ? "The hypervisor closed the connection; does the guest listen at this port?"
    : `The hypervisor closed the connection after ${JSON.stringify(answer)}`;
}
