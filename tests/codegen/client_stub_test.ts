import { assertStringIncludes } from "@std/assert";
import { generateOne } from "./generate.ts";

Deno.test("printClient() types methods by their kind", async () => {
  const text = await generateOne("greeter/v1/greeter");
  const init = "MessageInitShape<typeof HelloRequestSchema>";
  for (
    const [method, request, reply] of [
      ["hello", `request: ${init}`, "Promise<HelloReply>"],
      ["count", "request: MessageInitShape<typeof CountRequestSchema>", "AsyncIterable<CountReply>"],
      ["helloAll", `requests: MessageSource<${init}>`, "Promise<HelloReply>"],
      ["chat", `requests: MessageSource<${init}>`, "AsyncIterable<HelloReply>"],
    ]
  ) {
    assertStringIncludes(text, `  ${method}(\n    ${request},\n    options?: CallOptions,\n  ): ${reply};\n`);
  }
});
