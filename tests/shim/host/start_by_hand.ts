import type { Bundle } from "./bundle.ts";
import { decodeFields, encodeFields } from "./fields.ts";
import type { Shim } from "./shim.ts";

/** What a shim says of where it listens. */
export interface ShimAnswer {
  /** The version of its service `Task`. */
  version: number;
  /** Where it listens. */
  address: string;
  /** How it is talked to. */
  protocol: string;
}

/** Starts a shim as containerd does, without this module; it ends with its bundle, if not before. */
export async function startByHand(shim: Shim, { id, path: cwd }: Bundle): Promise<ShimAnswer> {
  await Deno.writeTextFile(`${cwd}/log`, "");
  const args = ["-namespace", "default", "-id", id, "-address", "", "start"];
  const command = new Deno.Command(shim.path, {
    args,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const input = shim.format === "protobuf" ? encodeFields({ 1: id, 2: "default" }) : new Uint8Array(0);
  await new Blob([input.slice()]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  if (success) return parse(shim, stdout);
  throw new Error(`Cannot start the shim of ${shim.name}: ${new TextDecoder().decode(stderr)}`);
}

function parse({ format }: Shim, bytes: Uint8Array): ShimAnswer {
  const text = new TextDecoder().decode(bytes);
  if (format === "text") return { version: 2, address: text, protocol: "ttrpc" };
  if (format === "json") return JSON.parse(text);
  const { 1: version, 2: address, 3: protocol } = decodeFields(bytes);
  return { version: Number(version), address: String(address), protocol: String(protocol) };
}
