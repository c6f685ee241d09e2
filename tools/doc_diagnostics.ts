/** One complaint of `deno doc --lint`. */
export interface DocDiagnostic {
  /** Its name, such as `missing-jsdoc`. */
  code: string;
  /** All of it, as it was printed. */
  text: string;
  /** For a `private-type-ref`: where the type stands in its file, and the text of that line. */
  referenced?: { line: number; source: string };
}

const SUMMARY = /^error: Found (\d+) documentation lint errors?\.$/m;
const REFERENCED = /^ *(\d+) \| (.*)\n.*- this is the referenced type$/m;

/**
 * Reads what `deno doc --lint` has printed on stderr after it found something.
 *
 * @param output The text, without colors.
 * @throws {Error} If the text is not understood, or holds another number of complaints than it says.
 */
export function parseDocDiagnostics(output: string): DocDiagnostic[] {
  const summary = SUMMARY.exec(output);
  if (summary === null) throw new Error(`Cannot understand the output of deno doc --lint: ${output}`);
  const diagnostics = output.slice(0, summary.index)
    .split(/^(?=error\[[\w-]+\]: )/m)
    .flatMap((text) => parseDiagnostic(text.trimEnd()));
  if (diagnostics.length !== Number(summary[1])) {
    throw new Error(`Found ${diagnostics.length} diagnostics where deno doc --lint tells of ${summary[1]}`);
  }
  return diagnostics;
}

function parseDiagnostic(text: string): DocDiagnostic[] {
  const code = /^error\[([\w-]+)\]: /.exec(text)?.[1];
  if (code === undefined) return [];
  const [, line, source] = code === "private-type-ref" && REFERENCED.exec(text) || [];
  if (line === undefined || source === undefined) return [{ code, text }];
  return [{ code, text, referenced: { line: Number(line), source } }];
}
