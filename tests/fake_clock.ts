import { clock } from "../src/rpc/clock.ts";

interface FakeTimer {
  at: number;
  callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock {
  #now = 1000;
  #timers: FakeTimer[] = [];
  /** How many timers have been started. */
  startedTimers = 0;

  /** Takes the place of the module's clock until it is disposed of. */
  install(): Disposable {
    const { now, callAt } = clock;
    clock.now = () => this.#now;
    clock.callAt = (at, callback) => this.#startTimer(at, callback);
    return {
      [Symbol.dispose]: () => {
        Object.assign(clock, { now, callAt });
      },
    };
  }

  /** How many timers have neither fired nor been forgotten. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Lets time pass: timers that fall due fire in their order, those that they start included. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#now = next.at;
      this.#fire(next);
    }
    this.#now = end;
  }

  /** Lets time be `ms` later until that is disposed of, with timers that have not fired yet. */
  ahead(ms: number): Disposable {
    this.#now += ms;
    return {
      [Symbol.dispose]: () => {
        this.#now -= ms;
      },
    };
  }

  #startTimer(at: number, callback: () => void): () => void {
    this.startedTimers++;
    // What is due already fires in a turn of its own, like any other.
    const timer = { at: Math.max(at, this.#now), callback };
    this.#timers.push(timer);
    return () => this.#forget(timer);
  }

  #next(): FakeTimer | undefined {
    return this.#timers.toSorted((a, b) => a.at - b.at)[0];
  }

  #fire(timer: FakeTimer): void {
    this.#forget(timer);
    timer.callback();
  }

  #forget(timer: FakeTimer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}
