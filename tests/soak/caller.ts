import type { Memory } from "./memory.ts";
import type { Gauges } from "./soak_server.ts";
import type { Tally } from "./tally.ts";

/** Who makes the calls. Disposing of it closes its connections. */
export interface Caller extends AsyncDisposable {
  readonly tally: Tally;
  /** Makes all calls. */
  run(): Promise<void>;
  memory(): Promise<Memory>;
  /** What it still holds, connections aside while they are open. */
  gauges(): Gauges;
  /** Which calls are open, as far as it knows. */
  openCalls(): string;
}
