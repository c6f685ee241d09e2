/** Whether a value of the first type can stand where the second is wanted. */
export type Fits<Value, Wanted> = [Value] extends [Wanted] ? true : false;

/** Holds, as the compiler sees it, if the type is `true`. */
export function assertType<_Type extends true>(): void {}

/** Takes code that the compiler checks and nobody runs. */
export function neverRun(_code: () => unknown): void {}
