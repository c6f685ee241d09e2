import { Code, type Interceptor, TtrpcError } from "../../mod.ts";

/** How {@linkcode retryUnary} tries again. */
export interface RetryOptions {
  /** How often a call is tried in all. */
  attempts: number;
  /** Milliseconds before the second try; each further wait is twice as long, and cut by chance. */
  waitMs: number;
  /** Full names of methods that do no harm when they run twice, such as `greeter.v1.Greeter/Hello`. */
  idempotent: string[];
}

/**
 * Tries unary calls again whose server could not be reached: any call that was not sent, and of those that
 * were sent the ones that may run twice. Deadline and signal of the call bound all tries together.
 */
export function retryUnary({ attempts, waitMs, idempotent }: RetryOptions): Interceptor {
  return (next) => async (request) => {
    if (request.stream) return await next(request);
    const isIdempotent = idempotent.includes(`${request.service.typeName}/${request.method.name}`);
    for (let attempt = 1;; attempt++) {
      try {
        return await next(request);
      } catch (error) {
        if (!(error instanceof TtrpcError) || error.code !== Code.Unavailable) throw error;
        if (attempt === attempts || (error.requestSent && !isIdempotent)) throw error;
      }
      await wait(Math.random() * waitMs * 2 ** (attempt - 1), request.signal);
    }
  };
}

/** Waits, but no longer than the call. */
async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(resolve, delayMs);
  signal.addEventListener("abort", resolve);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", resolve);
  signal.throwIfAborted();
}
