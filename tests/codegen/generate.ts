import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { compile } from "../../src/codegen/compile.ts";
import { BUF } from "../../src/codegen/npm_program.ts";
import { protocGenTtrpc } from "../../src/codegen/plugin.ts";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a program that was run left behind. */
export interface Output {
  code: number;
  stdout: Uint8Array<ArrayBuffer>;
  stderr: string;
}

/** Runs the `deno` of this test in the repository's folder, findable as `deno` for what it runs in turn. */
export async function deno(args: string[], stdin: Uint8Array = new Uint8Array()): Promise<Output> {
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
  const options = { args, cwd: root, env: { PATH: path, NO_COLOR: "1" } };
  const child = new Deno.Command(Deno.execPath(), {
    ...options,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  // A program that refuses its arguments may end before it has read anything.
  const written = new Blob([stdin.slice()]).stream().pipeTo(child.stdin).catch(() => {});
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), written]);
  return { code, stdout, stderr: new TextDecoder().decode(stderr) };
}

/** Runs a command of buf itself. */
export async function buf(command: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await deno(["run", "-A", BUF, command, ...args]);
  if (code !== 0) throw new Error(`Cannot run buf ${command}: ${stderr}`);
}

let files: Promise<FileDescriptorProto[]> | undefined;

/** The descriptors of `proto/`, compiled once, with those of the files they import. */
export function protoFiles(): Promise<FileDescriptorProto[]> {
  files ??= compile([join(root, "proto")]);
  return files;
}

/** What buf or protoc would ask of the plugin for these files. */
export function createRequest(protoFile: FileDescriptorProto[], parameter: string): CodeGeneratorRequest {
  const fileToGenerate = protoFile.map((file) => file.name).filter((name) => !name.startsWith("google/"));
  return create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile });
}

/** Runs the plugin in this process: the files it writes for `proto/`, by name. */
export async function generate(parameter: string): Promise<Map<string, string>> {
  const { file } = protocGenTtrpc.run(createRequest(await protoFiles(), parameter));
  return new Map(file.map(({ name, content }) => [name, content]));
}

/** What {@linkcode generate} writes for one file of `proto/`, given without its extension. */
export async function generateOne(
  name: string,
  parameter = "target=ts,import_extension=ts",
): Promise<string> {
  const text = (await generate(parameter)).get(`${name}_ttrpc.ts`);
  if (text === undefined) throw new Error(`Nothing was generated for ${name}`);
  return text;
}
