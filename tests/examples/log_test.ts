import { assertEquals, assertRejects } from "@std/assert";
import { logCalls } from "../../examples/interceptors/log.ts";
import type { GreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Code, TtrpcError } from "../../mod.ts";
import { interceptGreeter, KINDS, SIDES } from "../greeter_kinds.ts";
import { settled } from "../settled.ts";

const GREETER = "greeter.v1.Greeter";

/** What was written, without the times. */
function withoutTimes(lines: string[]): string[] {
  return lines.map((line) => line.replace(/ [0-9]+\.[0-9] ms$/, ""));
}

const fail = () => {
  throw new TtrpcError("No name", Code.InvalidArgument);
};

for (const side of SIDES) {
  Deno.test(`logCalls() on a ${side} writes a line for each call, once it is over`, async () => {
    const lines: string[] = [];
    const { greeter } = interceptGreeter({ [side]: [logCalls((line) => lines.push(line))] });
    for (const { call } of KINDS) await call(greeter, "1");
    await settled();
    const names = ["Hello", "Count", "HelloAll", "Chat"];
    assertEquals(withoutTimes(lines), names.map((name) => `${GREETER}/${name} ok`));
  });

  Deno.test(`logCalls() on a ${side} writes the codes of calls that fail`, async () => {
    const lines: string[] = [];
    const { greeter } = interceptGreeter({ [side]: [logCalls((line) => lines.push(line))] }, {
      hello: fail,
      async *count() {
        yield {};
        fail();
      },
      helloAll: fail,
    });
    for (const { kind, call } of KINDS) {
      if (kind !== "bidi_streaming") await assertRejects(() => call(greeter, "1"), TtrpcError);
    }
    const names = ["Hello", "Count", "HelloAll"];
    assertEquals(withoutTimes(lines), names.map((name) => `${GREETER}/${name} invalid_argument`));
  });
}

const LEAVING: Record<string, (greeter: GreeterClient) => Promise<void>> = {
  "between replies": async (greeter) => {
    for await (const _ of greeter.chat([{ name: "Ada" }, { name: "Eve" }])) break;
  },
  "while a reply is awaited": async (greeter) => {
    const replies = greeter.chat(new ReadableStream())[Symbol.asyncIterator]();
    const first = replies.next();
    await settled();
    await replies.return?.();
    await first;
  },
};

for (const [when, leave] of Object.entries(LEAVING)) {
  Deno.test(`logCalls() writes that a loop was left ${when}`, async () => {
    const lines: string[] = [];
    const { greeter } = interceptGreeter({ client: [logCalls((line) => lines.push(line))] });
    await leave(greeter);
    await settled();
    assertEquals(withoutTimes(lines), [`${GREETER}/Chat canceled`]);
  });
}
