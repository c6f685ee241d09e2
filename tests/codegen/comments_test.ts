import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { deno, generateOne } from "./generate.ts";

/** The doc comment before the line that begins like this, without its stars. */
function docOf(text: string, line: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((other) => other.startsWith(line));
  const start = lines.lastIndexOf(lines[end]?.startsWith(" ") ? "  /**" : "/**", end);
  assert(end > 0 && start > 0, `No doc before ${line}`);
  return lines.slice(start + 1, end - 1).map((other) => other.replace(/^ *\* ?/, "")).join("\n");
}

const generated = "@generated from rpc codegen.comments.Comments.";

Deno.test("Stubs carry the comments of a method", async () => {
  const text = await generateOne("codegen/comments");
  for (
    const [name, comment] of [
      ["Leading", "Stands before the method."],
      ["Trailing", "Stands after the method."],
      ["Block", "A block comment,\n\\@throws nothing."],
      ["TwoStars", "A block comment with two stars."],
      ["Characters", '${template} `backticks` "quotes" \\n \\u0041 <b>markup</b> Grüße 你好 🦕'],
      ["Detached", "The method Detached of codegen.comments.Comments: one request, one reply."],
      ["None", "The method None of codegen.comments.Comments: one request, one reply."],
      ["NonePull", "The method NonePull of codegen.comments.Comments: one request, any number of replies."],
      ["NonePush", "The method NonePush of codegen.comments.Comments: any number of requests, one reply."],
      ["NoneBoth", "The method NoneBoth of codegen.comments.Comments: any number of requests and replies."],
      ["Blank", "The method Blank of codegen.comments.Comments: one request, one reply."],
      ["Old", "Not for new programs."],
    ]
  ) {
    const line = `  ${name?.charAt(0).toLowerCase()}${name?.slice(1)}(`;
    const expected = `${comment}\n\n${generated}${name}${name === "Old" ? "\n@deprecated" : ""}`;
    const [, client = "", implementation = ""] = text.split(/^export interface Comments/m);
    assertEquals(docOf(client, line), expected);
    assertEquals(docOf(implementation, line), expected);
  }
});

Deno.test("Stubs carry the comment of a service, and say what the interface is", async () => {
  const text = await generateOne("codegen/comments");
  const comment = [
    "Ends a comment early: *\\/ export const broken = true; /*",
    "Mentions [a link](https://example.com/*\\/a) and `code`.",
    "",
    "\\@deprecated is only text here, as is",
    "  \\@internal with some space before it, and someone@example.com.",
    "",
    "    indented code",
    "",
  ].join("\n");
  assertEquals(
    docOf(text, "export interface CommentsClient"),
    `${comment}\nClient of the service codegen.comments.Comments.\n\n@generated from service codegen.comments.Comments`,
  );
  assertEquals(
    docOf(text, "export interface CommentsImplementation"),
    `${comment}\nImplementation of the service codegen.comments.Comments, for \`registerComments\`.\n\n` +
      "@generated from service codegen.comments.Comments",
  );
  assertStringIncludes(docOf(text, "export interface TrailingClient"), "Stands after the opening brace.\n");
});

Deno.test("Stubs have no tags but their own", async () => {
  const tags = [...(await generateOne("codegen/comments")).matchAll(/^[ *]*(@\w+)/gm)].map(([, tag]) => tag);
  assertEquals([...new Set(tags)].sort(), ["@deprecated", "@generated", "@throws"]);
});

Deno.test("Stubs mark everything of a deprecated service or file", async () => {
  for (const [file, service] of [["comments", "Old"], ["deprecated", "InOldFile"]]) {
    const text = await generateOne(`codegen/${file}`);
    for (
      const symbol of [
        `interface ${service}Client`,
        `function create${service}Client`,
        `interface ${service}Implementation`,
        `function register${service}`,
      ]
    ) {
      assert(docOf(text, `export ${symbol}`).endsWith("\n@deprecated"), symbol);
    }
  }
  const comments = await generateOne("codegen/comments");
  assert(!docOf(comments, "export interface CommentsClient").endsWith("@deprecated"));
});

Deno.test("Stubs warn of a method `then`", async () => {
  const text = await generateOne("codegen/names");
  assertStringIncludes(docOf(text, "export interface NamesClient"), "look like a promise");
  assertStringIncludes(docOf(text, "export interface NamesImplementation"), "look like a promise");
  assert(!docOf(text, "export interface ElsewhereClient").includes("promise"));
});

Deno.test("Stubs document every symbol and member", async () => {
  const stubs = ["comments", "names", "services", "bare"].map((name) => `gen/codegen/${name}_ttrpc.ts`);
  const { stdout, stderr } = await deno(["doc", "--lint", ...stubs]);
  const rules = `${new TextDecoder().decode(stdout)}${stderr}`.matchAll(/^error\[([\w-]+)\]/gm);
  // Types of other modules are not private: they are exported where they come from, which is not linted here.
  assertEquals([...new Set([...rules].map(([, rule]) => rule))], ["private-type-ref"]);
});
