/** What was known of a connection's troubles as a call began. */
export interface Before {
  readonly count: number;
  readonly isShaken: boolean;
}

/** When the connection of one transport was disturbed, and so which calls may be lost. */
export class Disturbances {
  #count = 0;
  #underWay = 0;
  #isShaken = false;

  /** From now on calls may be lost. */
  begin(): void {
    this.#count++;
    this.#underWay++;
    this.#isShaken = true;
  }

  /** What was to happen has happened; who has not noticed it yet may still be lost. */
  end(): void {
    this.#count++;
    this.#underWay--;
  }

  /** A call begins. */
  before(): Before {
    return { count: this.#count, isShaken: this.#isShaken };
  }

  /** A call was answered: one that began after the last disturbance was on a new connection. */
  answered({ count }: Before): void {
    if (count === this.#count && this.#underWay === 0) this.#isShaken = false;
  }

  /** Whether a call may have been lost. */
  mayHaveLost({ count, isShaken }: Before): boolean {
    return isShaken || count !== this.#count;
  }
}
