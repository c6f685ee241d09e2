import { assertEquals, assertStrictEquals } from "@std/assert";
import { createContextKey, createContextValues } from "../../src/rpc/context_values.ts";

const PURE = { permissions: "none" } as const;

Deno.test("createContextValues() starts with defaults, and keeps what is set", PURE, () => {
  const [user, tries] = [createContextKey("nobody"), createContextKey(1)];
  const values = createContextValues();
  assertEquals([values.get(user), values.get(tries)], ["nobody", 1]);
  assertStrictEquals(values.set(user, "ada").set(tries, 2), values);
  assertEquals([values.get(user), values.get(tries)], ["ada", 2]);
  assertStrictEquals(values.delete(user), values);
  assertEquals([values.get(user), values.get(tries)], ["nobody", 2]);
  assertEquals(createContextValues().get(tries), 1);
});

Deno.test("createContextValues() keeps undefined apart from no value", PURE, () => {
  const key = createContextKey<string | undefined>("default");
  assertEquals(createContextValues().set(key, undefined).get(key), undefined);
});

Deno.test("createContextKey() makes keys that are never the same", PURE, () => {
  const options = { description: "who calls" };
  const [one, other] = [createContextKey(0, options), createContextKey(0, options)];
  assertEquals(createContextValues().set(one, 7).get(other), 0);
  assertEquals([one.id.description, createContextKey(0).id.description], ["who calls", undefined]);
});
