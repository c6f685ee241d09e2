import type { FakeClock } from "./fake_clock.ts";

/** What is not over by then hangs. */
const HANG_MS = 20_000;
/** How much time passes in one turn of {@linkcode passTime}. */
const STEP_MS = 100;

/** Waits for something that must happen, and says what, if it does not. */
export async function mustSettle<T>(what: string | (() => string), promise: Promise<T>): Promise<T> {
  const hangs = Promise.withResolvers<never>();
  const describe = () => typeof what === "string" ? what : what();
  const timer = setTimeout(() => hangs.reject(new Error(`Hangs: ${describe()}`)), HANG_MS);
  try {
    return await Promise.race([promise, hangs.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for something that must become true in some turn of the event loop. */
export async function mustBecome(what: string | (() => string), isTrue: () => boolean): Promise<void> {
  let isOver = false;
  const becomes = async () => {
    while (!isTrue() && !isOver) await turns(1);
  };
  try {
    await mustSettle(what, becomes());
  } finally {
    isOver = true;
  }
}

/** Waits for something that may take time, while the time of a clock passes. */
export async function passTime<T>(clock: FakeClock, what: string, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  await mustBecome(what, () => {
    if (!isOver) clock.advance(STEP_MS);
    return isOver;
  });
  return promise;
}

/** Lets other things happen for some turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Waits until a number does not change any more, and gives it. */
export async function mustStandStill(what: string, read: () => number): Promise<number> {
  let last = read();
  let unchanged = 0;
  await mustBecome(what, () => {
    const now = read();
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
    return unchanged === 500;
  });
  return last;
}
