import { toText } from "@std/streams";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { requestFrame, words } from "../call_frames.ts";
import { TempFolder } from "./temp_folder.ts";

/** Which user a process runs as, and which group. */
export interface User {
  uid: number;
  gid: number;
}

/** What became of a client. */
export interface ClientOutcome {
  /** The process that it was. */
  pid: number;
  /** The first bytes that it got, as text; empty if the connection was closed instead. */
  reply: string;
}

/**
 * Greets a server in a process of its own, within half a minute.
 *
 * @param address An abstract name.
 * @param user Which user to be, if not the same; only root may choose.
 */
export async function greetFromProcess(address: string, user?: User): Promise<ClientOutcome> {
  using folder = new TempFolder();
  Deno.chmodSync(folder.path, 0o777);
  const request = requestFrame(1, Greeter.method.hello, 0, { payload: words("Ada") });
  const name = address.replace("unix://@", "");
  const child = new Deno.Command("/proc/self/exe", {
    // By that path, and from its input: neither Deno nor the program need be where that user may read.
    args: ["run", "--allow-all", "--no-config", "-", name, JSON.stringify([...encodeFrame(request)])],
    cwd: "/",
    clearEnv: true,
    env: { DENO_DIR: folder.path, NO_COLOR: "1" },
    ...user,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(30_000),
  }).spawn();
  const program = await Deno.open(new URL("bare_client.ts", import.meta.url));
  const [reply, complaint, { success }] = await Promise.all([
    toText(child.stdout),
    toText(child.stderr),
    child.status,
    program.readable.pipeTo(child.stdin),
  ]);
  if (!success) throw new Error(`The client failed: ${complaint}`);
  return { pid: child.pid, reply };
}
