const SAMPLE_MS = 5;
const MEBIBYTE = 1_048_576;

/** Watches how much more memory the process takes than at first, until it is disposed of. */
export class PeakMemory implements Disposable {
  readonly #before = Deno.memoryUsage().rss;
  readonly #timer = setInterval(() => this.#sample(), SAMPLE_MS);
  #peak = 0;

  /** The most so far, in MiB. */
  get grownMiB(): number {
    this.#sample();
    return Math.round((this.#peak - this.#before) / MEBIBYTE);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak, Deno.memoryUsage().rss);
  }
}
