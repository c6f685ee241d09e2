import { TtrpcError } from "../../mod.ts";
import { planCall } from "./call_plan.ts";
import type { Caller } from "./caller.ts";
import { judgeError, judgeSuccess } from "./judge.ts";
import type { Link } from "./link.ts";
import { Links } from "./links.ts";
import { makeCall } from "./make_call.ts";
import { type Memory, ownMemory } from "./memory.ts";
import type { SoakOptions } from "./options.ts";
import { Payloads } from "./payloads.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";
import { countEnd, newTally, type Outcome, type Tally } from "./tally.ts";

/** After so many calls a connection is cut; after so many the server is shut down, or cuts all of them. */
const CUT_CALLS = 500;
const RESTART_CALLS = 5_000;
/** After so many calls the server is pinged. */
const PING_CALLS = 100;
/** Nobody looks at more of what is wrong. */
const MAX_WRONG = 10;
/** How long it may take until a server is there again. */
const READY_MS = 60_000;

/** Calls that many workers of this process make over a few transports. */
export class Soak implements Caller {
  readonly tally: Tally = newTally();
  readonly #options: SoakOptions;
  readonly #server: SoakServer;
  readonly #links: Links;
  readonly #payloads: Payloads;
  readonly #open = new Set<number>();
  readonly #until: number;
  #next = 1;

  /** The time for calls begins to run. */
  constructor(options: SoakOptions, server: SoakServer) {
    this.#options = options;
    this.#server = server;
    this.#links = new Links(server);
    this.#payloads = new Payloads(options.seed);
    this.#until = performance.now() + options.minutes * 60_000;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, () => this.#work()));
    this.tally.reconnects = this.#links.reconnects;
  }

  memory(): Promise<Memory> {
    return Promise.resolve(ownMemory());
  }

  gauges(): Gauges {
    return this.#links.gauges();
  }

  openCalls(): string {
    return `calls ${[...this.#open].join(", ")}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#links[Symbol.asyncDispose]();
  }

  get #isOver(): boolean {
    return this.#next > this.#options.calls || this.tally.wrong.length >= MAX_WRONG ||
      performance.now() >= this.#until;
  }

  async #work(): Promise<void> {
    while (!this.#isOver) {
      const number = this.#next++;
      this.#open.add(number);
      try {
        await this.#disturb(number);
        await this.#call(number);
      } catch (error) {
        this.tally.wrong.push(`call ${number}: ${error instanceof Error ? error.message : error}`);
      }
      this.#open.delete(number);
    }
  }

  async #call(number: number): Promise<void> {
    const link = this.#links.of(number);
    const { abilities } = this.#server;
    const plan = planCall(this.#options.seed, number, abilities);
    const before = link.disturbances.before();
    let outcome: Outcome;
    try {
      const { client, isIntercepted } = link;
      await makeCall({ plan, client, abilities, payloads: this.#payloads, isIntercepted });
      outcome = judgeSuccess(plan);
      link.disturbances.answered(before);
    } catch (error) {
      outcome = judgeError(error, plan, link.disturbances.mayHaveLost(before));
      if (error instanceof TtrpcError && !error.requestSent) this.tally.notSent++;
    }
    countEnd(this.tally, plan.kind, outcome);
    if (/^(connection|server) /.test(outcome)) await link.transport.ready({ timeoutMs: READY_MS });
  }

  /** What is done to connections before some of the calls. */
  async #disturb(number: number): Promise<void> {
    if (number % CUT_CALLS === 0) this.#links.of(number / CUT_CALLS).cut();
    if (number % RESTART_CALLS === 2_750) await this.#disturbAll(() => this.#server.restart());
    const { cut } = this.#server;
    if (number % RESTART_CALLS === 250 && cut !== undefined) {
      await this.#disturbAll(() => cut.call(this.#server));
    }
    if (number % PING_CALLS === 0 && this.#server.abilities.isPinged) {
      await this.#ping(this.#links.of(number + 1));
    }
  }

  async #disturbAll(disturb: () => Promise<void>): Promise<void> {
    for (const { disturbances } of this.#links) disturbances.begin();
    await disturb();
    for (const { disturbances } of this.#links) disturbances.end();
    this.tally.restarts++;
  }

  async #ping({ transport, disturbances }: Link): Promise<void> {
    const before = disturbances.before();
    try {
      await transport.ping({ timeoutMs: READY_MS });
      this.tally.pings++;
    } catch (error) {
      if (!disturbances.mayHaveLost(before)) throw error;
    }
  }
}
