import { settled } from "./settled.ts";

/**
 * Whether a promise has not settled, even after everything has run that waits for neither time nor the
 * system.
 */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  const onSettled = () => {
    pending = false;
  };
  promise.then(onSettled, onSettled);
  await settled();
  return pending;
}
