import type { Abilities } from "./abilities.ts";
import type { Memory } from "./memory.ts";

/** What a server may not hold once no call is open. */
export type Gauges = Record<string, number>;

/** The server that is called, in a process of its own. */
export interface SoakServer extends AsyncDisposable {
  readonly name: string;
  readonly abilities: Abilities;
  /** Where it listens now. */
  address(isIntercepted: boolean): string;
  /** Ends it as such servers end, and starts it again. */
  restart(): Promise<void>;
  /** Ends all its connections at once, if it can. */
  cut?(): Promise<void>;
  memory(): Promise<Memory>;
  /** What it holds once its handlers have settled; nothing of it may be left of calls that have ended. */
  gauges(): Promise<Gauges>;
  /** The same once all its connections are closed. */
  idleGauges(): Promise<Gauges>;
  /** How many handlers it has called in all its lives. */
  started?(): Promise<number>;
  /** Errors that it was told of and that nobody has provoked. */
  told?(): Promise<string[]>;
}
