import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { encodeBootstrapParams } from "./bootstrap_params.ts";
import { logTail } from "./bundle.ts";
import { parseBootstrap, type ShimEndpoint } from "./parse_bootstrap.ts";
import { runShimCommand, type ShimCommandOutput, type ShimTarget } from "./shim_command.ts";

/** Options for {@linkcode startCommand}. */
export interface StartCommandOptions {
  /** Whether the shim is to log much. */
  debug: boolean;
  /** Where it makes its socket, from containerd 2.3 on. */
  socketDir: string | undefined;
  /** Address of an Events service. */
  eventsAddress: string | undefined;
  /** Added to the environment that shim and runtime inherit. */
  env: Record<string, string>;
  signal: AbortSignal | undefined;
}

/** What a shim has told about itself, and what else it has printed. */
export interface Started {
  bootstrap: ShimEndpoint;
  /** For errors: what it has complained of all the same. */
  stderr: string;
}

/**
 * Runs `start` of a shim of any version.
 *
 * From containerd 2.3 on, a shim wants its parameters on standard input; those from 1.7 to 2.2 ignore what they
 * find there, and one of 1.6 takes it for options of the runtime, refuses it and has done nothing yet.
 *
 * @throws {TtrpcError} With code 14 if the shim fails or prints no address, as a rejection; with what it has
 * printed, and the end of its log.
 */
export async function startCommand(target: ShimTarget, options: StartCommandOptions): Promise<Started> {
  const { debug, eventsAddress, socketDir, signal } = options;
  const common = {
    flags: debug ? ["-debug"] : [],
    env: {
      ...options.env,
      GRPC_ADDRESS: target.containerdAddress,
      NAMESPACE: target.namespace,
      // One that this program has from a containerd is none of the shim's; empty is as good as none.
      TTRPC_ADDRESS: eventsAddress ?? "",
    },
    signal,
  };
  const input = encodeBootstrapParams({ ...target, ttrpcAddress: eventsAddress, debug, socketDir });
  let output = await runShimCommand("start", target, { ...common, input });
  if (!output.success && /type with url .* not found/.test(output.stderr)) {
    output = await runShimCommand("start", target, common);
  }
  return { bootstrap: await bootstrapOf(target, output), stderr: output.stderr };
}

async function bootstrapOf(target: ShimTarget, output: ShimCommandOutput): Promise<ShimEndpoint> {
  if (!output.success) throw await startError(target, "it failed", output.stderr);
  try {
    return parseBootstrap(output.stdout);
  } catch (cause) {
    throw await startError(target, TtrpcError.from(cause).rawMessage, output.stderr, cause);
  }
}

/** The error of a shim that did not start, with all that it left as an explanation. */
export async function startError(
  { path, bundle }: ShimTarget,
  what: string,
  stderr: string,
  cause?: unknown,
): Promise<TtrpcError> {
  const log = await logTail(bundle);
  const parts = [`Cannot start ${path}: ${what}`];
  if (stderr !== "") parts.push(`it printed: ${stderr}`);
  if (log !== "") parts.push(`its log ends with: ${log}`);
  return new TtrpcError(parts.join("; "), Code.Unavailable, { cause, requestSent: false });
}
