import type { DocDiagnostic } from "./doc_diagnostics.ts";

/** The part of the output of `deno doc --json` that is read here. */
interface Doc {
  nodes?: Record<string, { symbols: DocSymbol[] }>;
}

/** What a name stands for: overloads, and a type beside a value, are declarations of one symbol. */
interface DocSymbol {
  name: string;
  declarations: Declaration[];
}

interface Declaration {
  /** Among them `reference`, for what another module of the output exports too, and describes. */
  kind: string;
  /** `export`, or `private` for a type that is only referred to. */
  declarationKind: string;
  /** Lines and columns count from 0. */
  location: { filename: string; line: number; col: number };
  jsDoc?: { tags?: { kind: string; doc?: string }[] };
}

/**
 * Finds exported symbols of which no declaration has an `@example` that `deno test --doc` runs.
 *
 * @param json What `deno doc --json` has printed on stdout.
 * @param generated URL of the folder of generated code. Its docs are those of protos, which know no TypeScript.
 * @returns A complaint about each, once however many modules export it.
 * @throws {Error} If the text is not understood, or nothing is exported.
 */
export function findMissingExamples(json: string, generated: string): DocDiagnostic[] {
  const { nodes = {} }: Doc = JSON.parse(json);
  const exported = Object.values(nodes).flatMap(({ symbols }) => symbols)
    .map(({ name, declarations }) => ({ name, declarations: declarations.filter(isExported) }))
    .filter(({ declarations }) => declarations.length > 0);
  if (exported.length === 0) throw new Error("Cannot find anything exported in the output of deno doc");
  return exported
    .filter(({ declarations }) => !declarations.some((it) => hasExample(it) || isIn(generated, it)))
    .map((symbol) => ({ code: "missing-example", text: complain(symbol) }));
}

function isExported({ kind, declarationKind }: Declaration): boolean {
  return declarationKind === "export" && kind !== "reference";
}

function isIn(folder: string, { location }: Declaration): boolean {
  return location.filename.startsWith(folder);
}

function hasExample({ jsDoc }: Declaration): boolean {
  return jsDoc?.tags?.some(({ kind, doc = "" }) => kind === "example" && /^```ts$/m.test(doc)) ?? false;
}

function complain({ name, declarations }: DocSymbol): string {
  const places = declarations.map(({ location: { filename, line, col } }) =>
    `  --> ${filename}:${line + 1}:${col + 1}`
  );
  return [`error[missing-example]: exported symbol '${name}' has no example that runs`, ...places].join("\n");
}
