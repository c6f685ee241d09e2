import { assertEquals, assertLess } from "@std/assert";
import { assertIdle } from "../assert_stats.ts";
import { denoCommand } from "../deno_command.ts";
import { ProgramProcess } from "../program_process.ts";
import type { VictimReport } from "./victim_report.ts";

/** What else an engine takes: code, and buffers that it frees late. */
const ENGINE_MIB = 32;
const MEBIBYTE = 1_048_576;

/** A program under attack, with a small heap. */
export class VictimProcess implements AsyncDisposable {
  readonly #program: ProgramProcess;
  readonly #heapMiB: number;
  /** The memory that it takes when nothing happens, in bytes. */
  readonly #idleRss: number;

  private constructor(program: ProgramProcess, heapMiB: number, idleRss: number) {
    this.#program = program;
    this.#heapMiB = heapMiB;
    this.#idleRss = idleRss;
  }

  /**
   * Starts a program, and waits until it tells of itself.
   *
   * @param heapMiB The heap that it has: with more than that alive, it dies.
   */
  static async start(url: URL, args: readonly string[], heapMiB: number): Promise<VictimProcess> {
    const heap = `--v8-flags=--max-old-space-size=${heapMiB},--max-semi-space-size=4`;
    const program = new ProgramProcess(denoCommand(url, { flags: ["--allow-all", heap], args }));
    const { rss }: VictimReport = JSON.parse(await program.nextLine());
    return new VictimProcess(program, heapMiB, rss);
  }

  /** Asks how it is, or tells it something else first. */
  async report(line = "report"): Promise<VictimReport> {
    await this.#program.tell(line);
    return JSON.parse(await this.#program.nextLine());
  }

  /** Asks until something holds; tells it something else first, each time. */
  async until(
    holds: (stats: VictimReport["stats"]) => boolean,
    line?: string,
  ): Promise<VictimReport["stats"]> {
    for (;;) {
      const { stats } = await this.report(line);
      if (holds(stats)) return stats;
    }
  }

  /**
   * Has it end, which it must do well and with every gauge at 0, and holds the memory that it took.
   *
   * @param limitsMiB What its limits add up to, in MiB: buffers, which lie outside the heap.
   */
  async end(limitsMiB: number): Promise<void> {
    const { code, lines: [line = ""], log } = await this.#program.end();
    assertEquals(code, 0, log);
    const { stats, peakRss }: VictimReport = JSON.parse(line);
    assertIdle(stats);
    const grownMiB = Math.round((peakRss - this.#idleRss) / MEBIBYTE);
    const mostMiB = limitsMiB + this.#heapMiB + ENGINE_MIB;
    console.log(`memory grew by ${grownMiB} MiB of at most ${mostMiB}`);
    assertLess(grownMiB, mostMiB);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}
