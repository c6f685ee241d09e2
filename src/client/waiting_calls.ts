import type { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { ClientConnection } from "./client_connection.ts";

/** What waits for a connection. */
export interface ConnectionTaker {
  /** Whether it waits on when an attempt to connect fails. */
  readonly waitForReady: boolean;
  /** Takes the connection, in its turn. */
  open(connection: ClientConnection): void;
  /** There is no connection. */
  fail(error: TtrpcError): void;
}

/** The calls that wait: for a connection, then in its line for room, in the order in which they came. */
export class WaitingCalls {
  readonly #submitAgain: (taker: ConnectionTaker) => void;
  /** Each with a function by which it leaves the line that it may stand in. */
  readonly #leaveLine = new Map<ConnectionTaker, () => void>();

  /** @param submitAgain Takes a call whose connection took no further calls when its turn came. */
  constructor(submitAgain: (taker: ConnectionTaker) => void) {
    this.#submitAgain = submitAgain;
  }

  /** Whether none waits. */
  get isEmpty(): boolean {
    return this.#leaveLine.size === 0;
  }

  /** A call begins to wait, in no line yet. */
  add(taker: ConnectionTaker): void {
    this.#leaveLine.set(taker, () => {});
  }

  /**
   * Forgets a call.
   *
   * @returns False if it did not wait.
   */
  remove(taker: ConnectionTaker): boolean {
    this.#leaveLine.get(taker)?.();
    return this.#leaveLine.delete(taker);
  }

  /** Puts a call into the line of a connection (PROTOCOL.md B1). */
  joinLine(taker: ConnectionTaker, connection: ClientConnection): void {
    const takeTurn = () => {
      this.remove(taker);
      if (connection.isUsable) taker.open(connection);
      else this.#submitAgain(taker);
    };
    this.#leaveLine.get(taker)?.();
    this.#leaveLine.set(taker, () => connection.leaveLine(takeTurn));
    connection.joinLine(takeTurn);
  }

  /** Puts all into the line of a connection. */
  joinAll(connection: ClientConnection): void {
    for (const taker of [...this.#leaveLine.keys()]) {
      // What a call before it has brought about may have ended this one.
      if (this.#leaveLine.has(taker)) this.joinLine(taker, connection);
    }
  }

  /** Takes all out of the lines that they stand in; they wait on. */
  leaveLines(): void {
    for (const leaveLine of this.#leaveLine.values()) leaveLine();
  }

  /** Fails the calls that are meant. */
  fail(error: TtrpcError, isMeant: (taker: ConnectionTaker) => boolean): void {
    for (const taker of [...this.#leaveLine.keys()].filter(isMeant)) {
      if (this.remove(taker)) taker.fail(error);
    }
  }
}
