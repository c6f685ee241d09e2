import { clock } from "../src/rpc/clock.ts";

interface FakeTimer {
  at: number;
  callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock {
  #now = 1000;
  #timers: FakeTimer[] = [];

  /** Takes the place of the module's clock until it is disposed of. */
  install(): Disposable {
    const { now, startTimer } = clock;
    clock.now = () => this.#now;
    clock.startTimer = (callback, delayMs) => this.#startTimer(callback, delayMs);
    return {
      [Symbol.dispose]: () => {
        Object.assign(clock, { now, startTimer });
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

  /** Fires the next timer `ms` before its time, as real timers may do. */
  fireEarly(ms: number): void {
    const next = this.#next();
    if (next === undefined) throw new Error("Cannot fire a timer: none is pending");
    this.#now = Math.max(this.#now, next.at - ms);
    this.#fire(next);
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

  #startTimer(callback: () => void, delayMs: number): () => void {
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) {
      throw new RangeError(`Cannot start a timer of ${delayMs} ms: Deno would fire it at once`);
    }
    const timer = { at: this.#now + delayMs, callback };
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
