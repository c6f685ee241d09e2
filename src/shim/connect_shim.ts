import type { Transport } from "../client/transport.ts";
import type { CallOptions } from "../rpc/call_options.ts";
import type { ShimEndpoint } from "./program/parse_bootstrap.ts";
import { shimTransport } from "./shim_transport.ts";
import { probeTaskVersion, type TaskVersion } from "./task/task_client.ts";

/** A shim that has answered. */
export interface ConnectedShim {
  address: string;
  taskVersion: TaskVersion;
  /** Its process. */
  pid: number;
  /** Belongs to whoever asked. */
  transport: Transport;
}

/** How long a shim may take for its first answer. */
const FIRST_ANSWER_MS = 10_000;

/**
 * Connects to a shim and asks who it is.
 *
 * @param endpoint What it has told about itself.
 * @throws {TtrpcError} If it does not answer, as a rejection.
 */
export async function connectShim(
  { address, version }: ShimEndpoint,
  { id, namespace }: { id: string; namespace: string },
  signal: AbortSignal | undefined,
): Promise<ConnectedShim> {
  const options: CallOptions = { signal, timeoutMs: FIRST_ANSWER_MS };
  const transport = shimTransport(address, namespace);
  try {
    const { taskVersion, shimPid } = await probeTaskVersion(transport, id, version, options);
    return { address, taskVersion, pid: shimPid, transport };
  } catch (error) {
    await transport.close();
    throw error;
  }
}
