import { isInstalled, runToEnd } from "../run_to_end.ts";
import { PeerProcess } from "./peer_process.ts";

/** Where the peers of a language come from. */
export interface PeerProgramsOptions {
  /** The language's name. */
  language: string;
  /** The program that builds them. */
  tool: string;
  /** Builds a server and a client, and says in which folder they are. */
  build: () => Promise<string>;
}

/** The server and the client of `interop.v1` in another language, built at the first one that is asked for. */
export class PeerPrograms {
  readonly #build: () => Promise<string>;
  readonly #isIgnored: boolean;
  #folder: Promise<string> | undefined;

  private constructor({ build }: PeerProgramsOptions, isIgnored: boolean) {
    this.#build = build;
    this.#isIgnored = isIgnored;
  }

  /** Looks whether the tool is installed; without it all tests are ignored, unless the environment has `CI`. */
  static async find(options: PeerProgramsOptions): Promise<PeerPrograms> {
    const { language, tool } = options;
    const isIgnored = !Deno.env.get("CI") && !(await isInstalled(tool));
    // A name is printed where output is not, as with `--quiet`.
    if (isIgnored) Deno.test.ignore(`Tests with ${language}: there is no \`${tool}\` in PATH`, () => {});
    return new PeerPrograms(options, isIgnored);
  }

  /** A test that needs these programs. */
  test(name: string, run: () => Promise<void>): void {
    Deno.test({ name, ignore: this.#isIgnored, fn: run });
  }

  /** Starts a server. */
  async startServer(...flags: string[]): Promise<PeerProcess> {
    return await PeerProcess.start(await this.program("server"), flags);
  }

  /**
   * Runs the client to its end.
   *
   * @returns Its lines: for each scenario a verdict in JSON.
   */
  async runClient(...args: string[]): Promise<string[]> {
    return (await runToEnd(await this.program("client"), args)).trimEnd().split("\n");
  }

  /** Where a program is; builds it at the first time. */
  async program(name: "server" | "client"): Promise<string> {
    return `${await (this.#folder ??= this.#build())}/${name}`;
  }
}

/** The line with which a client says that a scenario went as it should. */
export function passed(scenario: string): string {
  return JSON.stringify({ scenario, ok: true });
}

/** The line with which a client says what went wrong. */
export function failed(scenario: string, why: string): string {
  return JSON.stringify({ scenario, ok: false, why });
}
