import { assertEquals, assertThrows } from "@std/assert";
import { parseDocDiagnostics } from "../../tools/doc_diagnostics.ts";
import {
  addDeclarationLines,
  addNamespaceLines,
  type DeclarationLines,
  isAboutType,
} from "../../tools/known_types.ts";
import { runDeno } from "../../tools/run_deno.ts";

const OUTPUT = `error[private-type-ref]: public type 'call' references private type 'DescService'
   --> /project/mod.ts:9:1
    | 
  9 | export function call(desc: DescService): Private { return run(desc) }
    | ^
    = hint: make the referenced type public or remove the reference
    | 
557 | export interface DescService {
    | - this is the referenced type
    | 

  info: to ensure documentation is complete all types that are exposed in the public API must be public


error[private-type-ref]: public type 'call' references private type 'Private'
 --> /project/mod.ts:9:1
  | 
9 | export function call(desc: DescService): Private { return run(desc) }
  | ^
  = hint: make the referenced type public or remove the reference
  | 
7 | interface Private { a: number }
  | - this is the referenced type
  | 

  info: to ensure documentation is complete all types that are exposed in the public API must be public


error[missing-jsdoc]: exported symbol is missing JSDoc documentation
  --> /project/mod.ts:12:17
   | 
12 | export function bare(): void {}
   |                 ^


error: Found 3 documentation lint errors.
`;

Deno.test("parseDocDiagnostics() reads each complaint and the type it is about", () => {
  const diagnostics = parseDocDiagnostics(OUTPUT);
  assertEquals(diagnostics.map(({ code, referenced }) => [code, referenced]), [
    ["private-type-ref", { line: 557, source: "export interface DescService {" }],
    ["private-type-ref", { line: 7, source: "interface Private { a: number }" }],
    ["missing-jsdoc", undefined],
  ]);
  assertEquals(
    diagnostics[2]?.text,
    [
      "error[missing-jsdoc]: exported symbol is missing JSDoc documentation",
      "  --> /project/mod.ts:12:17",
      "   | ",
      "12 | export function bare(): void {}",
      "   |                 ^",
    ].join("\n"),
  );
});

Deno.test("parseDocDiagnostics() reads a single complaint", () => {
  const single = "error[missing-jsdoc]: a\n\n\nerror: Found 1 documentation lint error.\n";
  assertEquals(parseDocDiagnostics(single), [{ code: "missing-jsdoc", text: "error[missing-jsdoc]: a" }]);
});

Deno.test("parseDocDiagnostics() throws if it does not understand the output", () => {
  const outputs = [
    "",
    "error: Module not found",
    OUTPUT.replace("Found 3", "Found 4"),
    OUTPUT.replace("error[missing-jsdoc]", "error(missing-jsdoc)"),
  ];
  for (const output of outputs) assertThrows(() => parseDocDiagnostics(output), Error);
});

Deno.test("isAboutType() knows a type by line and text of its declaration", () => {
  const lines: DeclarationLines = new Set(["557 export interface DescService {", "8 interface Private {}"]);
  const answers = parseDocDiagnostics(OUTPUT).map((diagnostic) => isAboutType(diagnostic, lines));
  assertEquals(answers, [true, false, false]);
});

Deno.test("addDeclarationLines() reads the declaration files of all folders", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/dist`);
    await Deno.writeTextFile(`${folder}/dist/a.d.ts`, "// A\r\nexport interface A {\r\n}");
    await Deno.writeTextFile(`${folder}/b.d.cts`, "export type B = {};");
    await Deno.writeTextFile(`${folder}/c.ts`, "export type C = {};");
    const lines: DeclarationLines = new Set();
    await addDeclarationLines(folder, lines);
    assertEquals(
      lines,
      new Set(["1 // A", "2 export interface A {", "3 }", "1 export type B = {};"]),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("addNamespaceLines() finds the types of exported namespaces, and no others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/inner.ts`, "// Types.\nexport interface A {}\ninterface B {}\n");
    await Deno.writeTextFile(
      `${folder}/mod.ts`,
      `export type * as inner from "./inner.ts";\nexport interface C {}\n`,
    );
    const { stdout } = await runDeno(["doc", "--json", `${folder}/mod.ts`]);
    const lines: DeclarationLines = new Set();
    await addNamespaceLines(stdout, lines);
    assertEquals(lines, new Set(["2 export interface A {}"]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
