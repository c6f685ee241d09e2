import { clock } from "../src/rpc/clock.ts";

/** Has the module's clock go faster than time does, until it is disposed of: what takes long is over soon. */
export function speedUpClock(factor: number): Disposable {
  const { now, callAt } = clock;
  clock.now = () => now() * factor;
  clock.callAt = (at, callback) => callAt(at / factor, callback);
  return {
    [Symbol.dispose]: () => {
      Object.assign(clock, { now, callAt });
    },
  };
}
