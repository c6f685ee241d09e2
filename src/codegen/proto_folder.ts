import { CodegenError, explain } from "./codegen_error.ts";

/**
 * Makes sure that a folder is there.
 *
 * @throws {CodegenError} If it is not, is no folder, or cannot be looked at.
 */
export async function checkFolder(folder: string): Promise<void> {
  if (!await explain("read", folder, () => isFolder(folder))) {
    throw new CodegenError(`Not a folder: ${folder}`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CodegenError(`No such folder: ${path}`);
    throw error;
  }
}

/** Tells whether there is a `.proto` file in a folder, or in one below it. */
export async function hasProtoFile(folder: string): Promise<boolean> {
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    // Where a link leads is for the compiler to see.
    if (name.endsWith(".proto") || isSymlink) return true;
    if (isDirectory && await hasProtoFile(`${folder}/${name}`)) return true;
  }
  return false;
}
