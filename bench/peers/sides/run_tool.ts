/**
 * Runs a program to its end, and gives what it prints.
 *
 * @throws {Deno.errors.NotFound} If it is not installed, as a rejection.
 * @throws {Error} If it fails, as a rejection.
 */
export async function runTool(program: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`${program} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
}

/** Whether there is a program of this name. */
export async function isInstalled(program: string, args: string[]): Promise<boolean> {
  try {
    await runTool(program, args);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
