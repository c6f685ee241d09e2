import { assertEquals } from "@std/assert";
import { assertIdle } from "../assert_stats.ts";
import { createPlainClient } from "../../gen/interop/v1/plain_ttrpc.ts";
import { createTransport, type ServeOptions, type Transport } from "../../mod.ts";
import { type TemporarySocket, temporarySocket } from "../interop/temporary_socket.ts";
import type { VictimReport } from "./victim_report.ts";

const PROGRAM = new URL("victim.ts", import.meta.url).pathname;
const DENO_JSON = new URL("../../deno.json", import.meta.url).pathname;

/** A server under attack. It ends with its stdin, so at the latest with this process. */
export class VictimProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #socket: TemporarySocket;
  readonly #reporter: Transport;

  private constructor(socket: TemporarySocket, heapMiB: number, options: Partial<ServeOptions>) {
    this.#socket = socket;
    const heap = `--v8-flags=--max-old-space-size=${heapMiB},--max-semi-space-size=4`;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        "--no-check",
        `--config=${DENO_JSON}`,
        heap,
        PROGRAM,
        socket.path,
        JSON.stringify(options),
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#reporter = createTransport({ address: `${socket.path}.report`, waitForReady: true });
  }

  /**
   * Starts a server, and waits until it listens.
   *
   * @param heapMiB How large its heap may become.
   */
  static async start(heapMiB: number, options: Partial<ServeOptions> = {}): Promise<VictimProcess> {
    const victim = new VictimProcess(await temporarySocket(), heapMiB, options);
    await victim.report();
    return victim;
  }

  /** Where it listens. */
  get address(): string {
    return this.#socket.path;
  }

  /** Asks how it is. */
  async report(): Promise<VictimReport> {
    return JSON.parse((await createPlainClient(this.#reporter).repeat({})).text);
  }

  /** Asks until something holds. */
  async until(holds: (stats: VictimReport["stats"]) => boolean): Promise<VictimReport["stats"]> {
    for (;;) {
      const { stats } = await this.report();
      if (holds(stats)) return stats;
    }
  }

  /** Shuts the server down: its process must end well, with every gauge at 0. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reporter.close();
    await this.#process.stdin.close();
    const { code, stdout } = await this.#process.output();
    await this.#socket[Symbol.asyncDispose]();
    assertEquals(code, 0);
    const { stats }: VictimReport = JSON.parse(new TextDecoder().decode(stdout));
    assertIdle(stats);
  }
}
