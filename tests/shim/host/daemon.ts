import { linesOf } from "../../lines.ts";
import { runToEnd } from "../../run_to_end.ts";
import { mustSettle } from "../../waiting.ts";
import { clearAway } from "./clear_away.ts";
import { daemonConfig } from "./daemon_config.ts";
import { namesIn } from "./files.ts";
import type { Marks } from "./marks.ts";
import { makeRootfs } from "./rootfs.ts";
import { runtime } from "./runtime.ts";

/** Options for {@linkcode Daemon.runContainer}. */
export interface DaemonContainerOptions {
  /**
   * The namespace that it is in.
   *
   * @default {"default"}
   */
  namespace?: string;
  /** More flags for `ctr run`. */
  flags?: readonly string[];
}

/** A containerd of a test's own, in a folder of its own. Disposing of it ends its containers as well. */
export class Daemon implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: Deno.ChildProcess;
  readonly #booted = Promise.withResolvers<void>();
  readonly #logged: Promise<void>;

  private constructor(folder: string) {
    const args = ["--config", `${folder}/config.toml`];
    const options = { args, stdin: "null", stdout: "null", stderr: "piped" } as const;
    this.#folder = folder;
    this.#process = new Deno.Command("containerd", options).spawn();
    this.#logged = this.#readLog();
  }

  /** Starts one, and waits until it listens. */
  static async start(): Promise<Daemon> {
    const folder = await Deno.makeTempDir({ prefix: "ttrpc-containerd-" });
    await Deno.writeTextFile(`${folder}/config.toml`, daemonConfig(folder));
    await makeRootfs(`${folder}/rootfs`);
    const daemon = new Daemon(folder);
    try {
      await mustSettle("containerd starts", daemon.#booted.promise);
      (await Deno.connect({ transport: "unix", path: daemon.address })).close();
      return daemon;
    } catch (error) {
      await daemon[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Its socket for clients, who speak gRPC; shims are given it as containerd's address. */
  get address(): string {
    return `${this.#folder}/grpc`;
  }

  /** Its socket for the events of shims, who speak ttrpc. */
  get eventsAddress(): string {
    return `${this.#folder}/ttrpc`;
  }

  /** The folder of its bundles: in it is one for each namespace, and in that one for each container. */
  get bundles(): string {
    return `${this.#folder}/state/io.containerd.runtime.v2.task`;
  }

  /** Runs containerd's client, and gives what it prints. */
  ctr(...args: string[]): Promise<string> {
    return runToEnd("ctr", ["--address", this.address, ...args]);
  }

  /** Runs a container in the background; all have the same files, those of `rootfs.ts`. */
  async runContainer(
    id: string,
    args: readonly string[],
    { namespace = "default", flags = [] }: DaemonContainerOptions = {},
  ): Promise<void> {
    const binary = runtime.isReal ? [] : ["--runc-binary", runtime.binaryName];
    const run = ["run", "--rootfs", "--detach", "--null-io", "--env", "PATH=/bin", ...binary, ...flags];
    await this.ctr("--namespace", namespace, ...run, `${this.#folder}/rootfs`, id, ...args);
  }

  /** What tells its containers from all others. */
  get marks(): Marks {
    const namespaces = namesIn(this.bundles);
    const ids = namespaces.flatMap((namespace) => namesIn(`${this.bundles}/${namespace}`));
    return { ids, namespaces, addresses: [this.address], folders: [this.#folder] };
  }

  /** Ends it and its containers by force. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { marks } = this;
    try {
      this.#process.kill("SIGTERM");
      await mustSettle("containerd ends", Promise.all([this.#process.status, this.#logged]));
    } finally {
      await clearAway(marks);
    }
  }

  /** Reads what it says of itself to the end. */
  async #readLog(): Promise<void> {
    const lines: string[] = [];
    for await (const line of linesOf(this.#process.stderr)) {
      lines.push(line);
      if (line.includes("containerd successfully booted")) this.#booted.resolve();
    }
    this.#booted.reject(new Error(`containerd has ended too early:\n${lines.join("\n")}`));
  }
}
