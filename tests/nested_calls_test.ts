import { assertEquals, assertRejects } from "@std/assert";
import type { GreeterClient, GreeterImplementation } from "../gen/greeter/v1/greeter_ttrpc.ts";
import { Code } from "../src/rpc/code.ts";
import { TtrpcError } from "../src/rpc/ttrpc_error.ts";
import { assertStats } from "./assert_stats.ts";
import { interceptGreeter, textOf } from "./greeter_kinds.ts";

/** So many messages of a type are not encoded by compiled code, and a few more. */
const EARLY_MESSAGES = 40;
/** Compiled code reads a field once to measure it, and once to write it. */
const MEASURED = 1;
const WRITTEN = 2;

/** A text that does something when it is read for a certain time. */
class ActiveText {
  readonly #text: string;
  readonly #read: number;
  readonly #act: () => void;
  #reads = 0;

  constructor(text: string, read: number, act: () => void) {
    this.#text = text;
    this.#read = read;
    this.#act = act;
  }

  read(): string {
    if (++this.#reads === this.#read) this.#act();
    return this.#text;
  }
}

/** Some calls in one turn: short and long ones, and an upload that has not begun. */
function makeCalls(greeter: GreeterClient, name: string): Promise<string>[] {
  return [
    greeter.hello({ name }).then(textOf),
    greeter.hello({ name: name.repeat(5000) }, { timeoutMs: 60_000, metadata: { name } }).then(textOf),
    greeter.helloAll([{ name }, { name }]).then(textOf),
    Array.fromAsync(greeter.chat([{ name }]), textOf).then(String),
  ];
}

/** What those calls give. */
function answersTo(name: string): string[] {
  return [name, name.repeat(5000), `${name},${name}`, name];
}

/** A greeter whose messages are encoded by compiled code already. */
async function compiledGreeter(implementation: Partial<GreeterImplementation> = {}) {
  const served = interceptGreeter({}, implementation);
  for (let i = 0; i < EARLY_MESSAGES; i++) await served.greeter.hello({ name: "early" });
  return served;
}

Deno.test("A call fails alone whose message makes calls while it is written", async () => {
  const { greeter, transport, contexts } = await compiledGreeter();
  for (const method of ["hello", "helloAll", "chat"] as const) {
    const nested: Promise<string>[] = [];
    const text = new ActiveText("outer", WRITTEN, () => nested.push(...makeCalls(greeter, "nested")));
    const message = {
      get name() {
        return text.read();
      },
    };
    const calls = contexts.length;
    const before = makeCalls(greeter, "before");
    const outer = method === "hello"
      ? greeter.hello(message)
      : method === "helloAll"
      ? greeter.helloAll([message])
      : Array.fromAsync(greeter.chat([message]));
    const after = makeCalls(greeter, "after");
    const { code, rawMessage, requestSent } = await assertRejects(() => outer, TtrpcError);
    assertEquals(
      [code, rawMessage, requestSent],
      [
        Code.Internal,
        "Cannot encode a message: a getter of it sends on the same connection",
        method !== "hello",
      ],
    );
    const all = [before, nested, after].map((group) => Promise.all(group));
    assertEquals(await Promise.all(all), ["before", "nested", "after"].map(answersTo));
    assertEquals(contexts.length - calls, method === "hello" ? 12 : 13);
  }
  assertStats(transport.stats(), { openCalls: 0 });
  await transport.close();
});

Deno.test("A call fails alone whose message gives another one up while it is written", async () => {
  const { greeter, transport } = await compiledGreeter({ helloAll: () => new Promise(() => {}) });
  const controller = new AbortController();
  const other = greeter.helloAll([], { signal: controller.signal });
  await greeter.hello({ name: "Ada" });
  const text = new ActiveText("outer", WRITTEN, () => controller.abort());
  const outer = greeter.hello({
    get name() {
      return text.read();
    },
  });
  const after = greeter.hello({ name: "after" });
  const codes = await Promise.all(
    [other, outer].map(async (call) => (await assertRejects(() => call, TtrpcError)).code),
  );
  assertEquals([codes, (await after).text], [[Code.Canceled, Code.Internal], "after"]);
  await transport.close();
});

Deno.test("A message may make calls while it is measured", async () => {
  const { greeter, transport } = await compiledGreeter();
  const nested: Promise<string>[] = [];
  const text = new ActiveText("outer", MEASURED, () => nested.push(...makeCalls(greeter, "nested")));
  const before = makeCalls(greeter, "before");
  const outer = greeter.hello({
    get name() {
      return text.read();
    },
  });
  const groups = [before, nested, makeCalls(greeter, "after")].map((group) => Promise.all(group));
  assertEquals((await outer).text, "outer");
  assertEquals(await Promise.all(groups), ["before", "nested", "after"].map(answersTo));
  await transport.close();
});

Deno.test("A message may make calls on another connection while it is written", async () => {
  const [{ greeter, transport, contexts }, other] = [await compiledGreeter(), await compiledGreeter()];
  const nested: Promise<string>[] = [];
  const text = new ActiveText("outer", WRITTEN, () => nested.push(...makeCalls(other.greeter, "nested")));
  const before = makeCalls(greeter, "before");
  const outer = greeter.hello({
    get name() {
      return text.read();
    },
  }, { timeoutMs: 120_000, metadata: { outer: "a value of its own" } });
  const groups = [before, nested, makeCalls(greeter, "after")].map((group) => Promise.all(group));
  assertEquals((await outer).text, "outer");
  assertEquals(await Promise.all(groups), ["before", "nested", "after"].map(answersTo));
  assertEquals(contexts.filter(({ metadata }) => metadata.get("outer") === "a value of its own").length, 1);
  await Promise.all([transport.close(), other.transport.close()]);
});

for (const [read, pass] of [[MEASURED, "measured"], [WRITTEN, "written"]] as const) {
  Deno.test(`A handler's reply may make calls of its own while it is ${pass}`, async () => {
    const nested: Promise<string>[] = [];
    const activeReply = () => {
      const text = new ActiveText("outer", read, () => nested.push(...makeCalls(greeter, "nested")));
      return {
        get text() {
          return text.read();
        },
      };
    };
    const { greeter, transport } = await compiledGreeter({
      hello: ({ name }) => name === "active" ? activeReply() : { text: name },
      async *chat(requests) {
        for await (const { name } of requests) yield name === "active" ? activeReply() : { text: name };
      },
    });
    const before = makeCalls(greeter, "before");
    const unary = greeter.hello({ name: "active" });
    const stream = Array.fromAsync(greeter.chat([{ name: "active" }]), textOf);
    const after = makeCalls(greeter, "after");
    assertEquals([(await unary).text, await stream], ["outer", ["outer"]]);
    const groups = [before, nested.slice(0, 4), nested.slice(4), after].map((group) => Promise.all(group));
    assertEquals(await Promise.all(groups), ["before", "nested", "nested", "after"].map(answersTo));
    await transport.close();
  });
}
