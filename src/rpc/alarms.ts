/** The longest delay of a timer; Deno fires longer ones at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Fewer alarms than this are not worth being tidied up. */
const FEW_ALARMS = 64;

/** What a platform has for time. */
export interface Timers {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /**
   * Calls back once after `delayMs`, at most 2^31-1, or a little earlier.
   *
   * @returns A function that cancels the timer.
   */
  startTimer(callback: () => void, delayMs: number): () => void;
}

/** What happens at a moment; nothing, once it has happened or was cancelled. */
interface Alarm {
  readonly at: number;
  ring: (() => void) | undefined;
}

/**
 * Alarms that share one timer: a timer of each call's own would cost more than the call.
 *
 * They lie in a binary heap, the earliest at index 0. A cancelled one stays until it comes up, or until most
 * are cancelled.
 */
export class Alarms {
  readonly #timers: Timers;
  #heap: Alarm[] = [];
  /** How many are still to ring. */
  #pending = 0;
  #timer: { at: number; stop: () => void } | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Calls back once at a moment; soon, if that is over.
   *
   * @returns A function that cancels the alarm; once it has rung, that does nothing.
   */
  set(at: number, ring: () => void): () => void {
    const alarm: Alarm = { at, ring };
    this.#rise(this.#heap.push(alarm) - 1);
    this.#pending++;
    if (this.#timer === undefined || at < this.#timer.at) this.#startTimer();
    return () => this.#cancel(alarm);
  }

  #cancel(alarm: Alarm): void {
    if (alarm.ring === undefined) return;
    alarm.ring = undefined;
    this.#pending--;
    if (this.#pending === 0) this.#clear();
    else if (this.#heap.length > Math.max(FEW_ALARMS, 2 * this.#pending)) this.#tidyUp();
  }

  #clear(): void {
    this.#heap = [];
    this.#stopTimer();
  }

  #tidyUp(): void {
    // What is sorted is a heap too.
    this.#heap = this.#heap.filter(({ ring }) => ring !== undefined).sort((a, b) => a.at - b.at);
  }

  #startTimer(): void {
    this.#stopTimer();
    const at = this.#momentAt(0);
    if (at === Infinity) return;
    const delayMs = Math.min(Math.max(0, Math.ceil(at - this.#timers.now())), MAX_TIMER_MS);
    this.#timer = { at, stop: this.#timers.startTimer(() => this.#ringAll(), delayMs) };
  }

  #stopTimer(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  /** Rings all whose moment has come: none, where the timer was early or the moment is far. */
  #ringAll(): void {
    this.#timer = undefined;
    const now = this.#timers.now();
    while (this.#momentAt(0) <= now) {
      const alarm = this.#removeFirst();
      const ring = alarm?.ring;
      if (alarm === undefined || ring === undefined) continue;
      alarm.ring = undefined;
      this.#pending--;
      ringSafely(ring);
    }
    if (this.#pending > 0) this.#startTimer();
    else this.#clear();
  }

  #removeFirst(): Alarm | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(index: number): void {
    for (let i = index; i > 0;) {
      const parent = (i - 1) >> 1;
      if (this.#momentAt(parent) <= this.#momentAt(i)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    for (let i = 0;;) {
      const left = 2 * i + 1;
      const child = this.#momentAt(left + 1) < this.#momentAt(left) ? left + 1 : left;
      if (this.#momentAt(i) <= this.#momentAt(child)) return;
      this.#swap(i, child);
      i = child;
    }
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return;
    this.#heap[i] = b;
    this.#heap[j] = a;
  }

  #momentAt(index: number): number {
    return this.#heap[index]?.at ?? Infinity;
  }
}

/** What one alarm throws must not keep the others from ringing. */
function ringSafely(ring: () => void): void {
  try {
    ring();
  } catch (error) {
    reportError(error);
  }
}
