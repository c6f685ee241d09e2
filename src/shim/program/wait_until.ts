import { Deadline } from "../../rpc/deadline.ts";

/** How long to rest between two looks at something that tells nobody when it happens. */
const POLL_MS = 5;

/**
 * Waits for something that only a look can tell, such as the end of a process that is no child.
 *
 * @returns Whether it has come within `timeoutMs`.
 */
export async function waitUntil(isSo: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = Deadline.afterMs(timeoutMs);
  while (!await isSo()) {
    if (deadline?.hasPassed) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
