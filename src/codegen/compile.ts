import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { parse, relative, resolve, sep } from "node:path";
import { CodegenError, explain } from "./codegen_error.ts";
import { isWithin } from "./is_within.ts";
import { BUF, runNpmProgram } from "./npm_program.ts";
import { checkFolder, hasProtoFile } from "./proto_folder.ts";

/**
 * Compiles all `.proto` files of some folders, each of which is a root of imports.
 *
 * @returns Their descriptors and those of the files they import, each after the ones it needs.
 * @throws {CodegenError} If a folder is missing or has no such file; or with the compiler's errors, each a
 * line that begins with file, line and column.
 */
export async function compile(folders: string[]): Promise<FileDescriptorProto[]> {
  for (const folder of folders) {
    await checkFolder(folder);
    const hasOne = await explain("read", folder, () => hasProtoFile(folder));
    if (!hasOne) throw new CodegenError(`No .proto file in ${folder}`);
  }
  // The root of the file system is the input, not the project: there buf would read the project's own
  // buf.yaml and buf.lock, and fetch what they name.
  const { root } = parse(resolve());
  const { success, stdout, stderr } = await runNpmProgram(BUF, [
    "build",
    root,
    `--config=${JSON.stringify(bufConfig(root, folders))}`,
    "--output=-#format=binpb",
    "--as-file-descriptor-set",
    "--exclude-source-retention-options",
  ]);
  if (!success) throw new CodegenError(shortenPaths(stderr));
  return fromBinary(FileDescriptorSetSchema, stdout).file;
}

/** What would be a `buf.yaml` in the folder `root`. */
function bufConfig(root: string, folders: string[]): unknown {
  const roots = [...new Set(folders.map((folder) => resolve(folder)))];
  const fromRoot = (folder: string) => relative(root, folder).replaceAll(sep, "/");
  const modules = roots.map((path) => {
    // A folder inside another has its files once, under their shorter names.
    const excludes = roots.filter((other) => other !== path && isWithin(path, other)).map(fromRoot);
    return { path: fromRoot(path), excludes };
  });
  return { version: "v2", modules };
}

/** Makes the paths of messages relative to the working directory, as the user gave them. */
function shortenPaths(messages: string): string {
  const folder = resolve() + sep;
  return messages.split("\n")
    .map((line) => line.startsWith(folder) ? line.slice(folder.length) : line)
    .join("\n");
}
