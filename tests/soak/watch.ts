/** Looks every so often whether something goes on; what it then tells is for people. */
export class Watch implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #stuck = Promise.withResolvers<never>();

  /**
   * Begins to look.
   *
   * @param everyMs How often.
   * @param tell Told each time; if it fails, nothing goes on either.
   * @param progress Something that grows while things go on.
   * @param limitMs How long it may not grow.
   */
  constructor(everyMs: number, tell: () => Promise<void>, progress: () => number, limitMs: number) {
    let last = progress();
    let since = performance.now();
    this.#timer = setInterval(() => {
      tell().catch((reason) => this.#stuck.reject(reason));
      const now = progress();
      if (now !== last) since = performance.now();
      last = now;
      if (performance.now() - since > limitMs) this.#stuck.reject(new Error("Nothing goes on any more"));
    }, everyMs);
    this.#stuck.promise.catch(() => {
      // Whoever waits is told.
    });
  }

  /** Waits for something, for as long as things go on. */
  hold<T>(something: Promise<T>): Promise<T> {
    return Promise.race([something, this.#stuck.promise]);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
