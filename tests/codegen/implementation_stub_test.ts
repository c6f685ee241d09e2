import { assertStringIncludes } from "@std/assert";
import { generateOne } from "./generate.ts";

Deno.test("printImplementation() types methods by their kind", async () => {
  const text = await generateOne("greeter/v1/greeter");
  const init = "MessageInitShape<typeof HelloReplySchema>";
  for (
    const [method, request, reply] of [
      ["hello", "request: HelloRequest", `${init} | Promise<${init}>`],
      ["count", "request: CountRequest", "MessageSource<MessageInitShape<typeof CountReplySchema>>"],
      ["helloAll", "requests: AsyncIterable<HelloRequest>", `${init} | Promise<${init}>`],
      ["chat", "requests: AsyncIterable<HelloRequest>", `MessageSource<${init}>`],
    ]
  ) {
    assertStringIncludes(
      text,
      `  ${method}(\n    ${request},\n    context: HandlerContext,\n  ): ${reply};\n`,
    );
  }
});
