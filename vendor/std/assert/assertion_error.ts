/** What an assertion that does not hold throws. */
export class AssertionError extends Error {
  /**
   * Makes an error.
   *
   * @param message What does not hold.
   * @param options May carry a `cause`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}
