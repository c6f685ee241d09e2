/** Catches what nobody handles, until it is disposed of. */
export class UnhandledErrors implements Disposable {
  readonly #errors: unknown[] = [];
  readonly #onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    this.#errors.push(event.reason);
  };
  readonly #onError = (event: ErrorEvent) => {
    event.preventDefault();
    this.#errors.push(event.error);
  };

  constructor() {
    addEventListener("unhandledrejection", this.#onRejection);
    addEventListener("error", this.#onError);
  }

  /** @throws {Error} If there was one since the last time. */
  assertNone(): void {
    const [cause] = this.#errors.splice(0);
    if (cause !== undefined) throw new Error("Nobody handles an error", { cause });
  }

  [Symbol.dispose](): void {
    removeEventListener("unhandledrejection", this.#onRejection);
    removeEventListener("error", this.#onError);
  }
}
