/** Why nothing could be generated, in words for whoever started the command. */
export class CodegenError extends Error {
  /** Always `CodegenError`. */
  override readonly name = "CodegenError";
}

/**
 * Does something with a file or folder of the user.
 *
 * @param action What is done with it, as in "write".
 * @param path Its path.
 * @param run Does it.
 * @throws {CodegenError} If it fails: what could not be done, with which path, and why.
 */
export async function explain<T>(action: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof CodegenError) throw error;
    // What follows the number is the system call, with the path once more.
    const reason = error.message.replace(/ \(os error .*/s, "");
    throw new CodegenError(`Cannot ${action} ${path}: ${reason}`, { cause: error });
  }
}
