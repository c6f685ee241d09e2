import { CodegenError } from "./codegen_error.ts";

/**
 * Makes sure that a folder is there.
 *
 * @throws {CodegenError} If it is not, or is no folder.
 */
export async function checkFolder(folder: string): Promise<void> {
  try {
    if ((await Deno.stat(folder)).isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CodegenError(`No such folder: ${folder}`);
    throw error;
  }
  throw new CodegenError(`Not a folder: ${folder}`);
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
