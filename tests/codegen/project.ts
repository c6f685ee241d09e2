import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TempFolder } from "../net/temp_folder.ts";

/** The program behind the entrypoint `./codegen`. */
const PROGRAM = fileURLToPath(new URL("../../src/codegen/mod.ts", import.meta.url));

/** A proto with a service and an import of protobuf's own. */
export const NOTES_PROTO = `syntax = "proto3";
package notes.v1;
import "google/protobuf/timestamp.proto";
service Notes { rpc Add(Note) returns (Note); }
message Note { string text = 1; google.protobuf.Timestamp time = 2; }
`;

/** Makes a folder with some files, given by their paths in it. */
export function makeProject(files: Record<string, string>): TempFolder {
  const folder = new TempFolder();
  for (const [path, text] of Object.entries(files)) {
    Deno.mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    Deno.writeTextFileSync(join(folder.path, path), text);
  }
  return folder;
}

/** The command, to be run in a folder. */
export function codegen(folder: TempFolder, ...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", PROGRAM, ...args],
    cwd: folder.path,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs the command in a folder to its end. */
export async function runCodegen(
  folder: TempFolder,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await codegen(folder, ...args).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
