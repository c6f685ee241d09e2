import { assertEquals, assertRejects } from "@std/assert";
import { authenticate, sendToken, user } from "../../examples/interceptors/auth.ts";
import { Code, TtrpcError } from "../../mod.ts";
import { interceptGreeter, KINDS } from "../greeter_kinds.ts";

const server = [authenticate(new Map([["open sesame", "Ali"]]))];

for (const { kind, call } of KINDS) {
  Deno.test(`authenticate() tells the handler of a ${kind} call who calls`, async () => {
    const { greeter, contexts } = interceptGreeter({ client: [sendToken("open sesame")], server });
    assertEquals(await call(greeter, "1"), ["1"]);
    assertEquals(contexts.map(({ contextValues }) => contextValues.get(user)), ["Ali"]);
  });

  Deno.test(`authenticate() keeps a ${kind} call without a known token from its handler`, async () => {
    for (const client of [[], [sendToken("guess")]]) {
      const { greeter, contexts, errors } = interceptGreeter({ client, server });
      const { code } = await assertRejects(() => call(greeter, "1"), TtrpcError, "Who are you?");
      assertEquals([code, contexts, errors], [Code.Unauthenticated, [], []]);
    }
  });
}
