/** Options for {@linkcode runToEnd}. */
export interface RunToEndOptions {
  /** The folder that it runs in. */
  cwd?: string;
  /** What is added to its environment. */
  env?: Record<string, string>;
}

/** Runs a program that must succeed, and gives what it prints. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  options: RunToEndOptions = {},
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], stdin: "null", ...options });
  const { code, stdout, stderr } = await command.output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`${program} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
}

/** Whether there is such a program, which says its version when it is asked. */
export async function isInstalled(program: string, ask = "version"): Promise<boolean> {
  try {
    await runToEnd(program, [ask]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
