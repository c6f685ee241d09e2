import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "./codegen_error.ts";
import { isWithin } from "./is_within.ts";

/** Which of the compiled files code is generated for. */
export interface FileSelection {
  /** Folders of protos, each a root of imports. */
  folders: string[];
  /** Files and folders in them to which generation is limited; with none it is for all. */
  path: string[];
  /** Generates for what these files import, too. */
  includeImports: boolean;
}

/**
 * Names of the files to generate for, in the order in which they are given.
 *
 * Those that come with protobuf itself, `google/protobuf/*.proto`, are never among them unless they lie in
 * one of the folders: the runtime has them.
 *
 * @throws {CodegenError} If no file is left.
 */
export function selectFiles(files: FileDescriptorProto[], selection: FileSelection): string[] {
  const { folders, path, includeImports } = selection;
  const selected = new Set<string>();
  for (const { name } of files) {
    const source = sourceOf(name, folders);
    if (source !== undefined && isWanted(source, path)) selected.add(name);
  }
  if (selected.size === 0) {
    throw new CodegenError(`No .proto file of ${folders.join(", ")} is in ${path.join(", ")}`);
  }
  // From the last to the first, since each file comes after the ones it needs.
  for (const { name, dependency } of includeImports ? files.toReversed() : []) {
    if (!selected.has(name)) continue;
    for (const imported of dependency) if (!isWellKnown(imported)) selected.add(imported);
  }
  return files.map(({ name }) => name).filter((name) => selected.has(name));
}

/** Where a file lies; undefined for one that the compiler itself has. */
function sourceOf(name: string, folders: string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

function isWanted(source: string, path: string[]): boolean {
  return path.length === 0 || path.some((limit) => isWithin(limit, source));
}

function isWellKnown(name: string): boolean {
  return name.startsWith("google/protobuf/");
}
