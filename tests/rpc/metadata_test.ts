import { assertEquals, assertStrictEquals } from "@std/assert";
import { Metadata, type MetadataInit } from "../../src/rpc/metadata.ts";

const INITS: [about: string, init: MetadataInit | undefined, pairs: [string, string][]][] = [
  ["nothing", undefined, []],
  ["an empty record", {}, []],
  ["a record", { "Trace-Id": "7", B: "" }, [["trace-id", "7"], ["b", ""]]],
  ["a record with several values", { tag: ["b", "a"], x: [] }, [["tag", "b"], ["tag", "a"]]],
  ["pairs", [["B", "1"], ["a", "2"], ["b", "3"]], [["b", "1"], ["a", "2"], ["b", "3"]]],
  ["a map", new Map([["Ä", "1"]]), [["ä", "1"]]],
  ["metadata", new Metadata([["A", "1"], ["a", "1"]]), [["a", "1"], ["a", "1"]]],
  ["keys that objects have", { constructor: "1", toString: "2" }, [["constructor", "1"], ["tostring", "2"]]],
];

for (const [about, init, pairs] of INITS) {
  Deno.test(
    `[C5] Metadata made of ${about} has lower-case keys in their order`,
    { permissions: "none" },
    () => {
      const metadata = new Metadata(init);
      assertEquals([...metadata], pairs);
      assertEquals(metadata.size, pairs.length);
    },
  );
}

Deno.test("[C5] Metadata finds keys in any case, and keeps repeated ones", { permissions: "none" }, () => {
  const metadata = new Metadata([["Key", "1"], ["other", ""], ["KEY", "2"]]);
  assertEquals(metadata.get("kEy"), "1");
  assertEquals(metadata.getAll("key"), ["1", "2"]);
  assertEquals(metadata.has("OTHER"), true);
  assertEquals(metadata.get("other"), "");
  assertEquals(metadata.has("missing"), false);
  assertEquals(metadata.get("missing"), undefined);
  assertEquals(metadata.getAll("missing"), []);
});

Deno.test("Metadata.append(), set() and delete() change just their key", { permissions: "none" }, () => {
  const metadata = new Metadata({ a: ["1", "2"], b: "3" });
  metadata.append("A", "4");
  assertEquals([...metadata], [["a", "1"], ["a", "2"], ["b", "3"], ["a", "4"]]);
  metadata.set("A", "5");
  assertEquals([...metadata], [["b", "3"], ["a", "5"]]);
  metadata.delete("B");
  metadata.delete("missing");
  assertEquals([...metadata], [["a", "5"]]);
});

Deno.test("Metadata shares nothing with its source and its readers", { permissions: "none" }, () => {
  const source = new Metadata({ a: "1" });
  const copy = new Metadata(source);
  source.append("b", "2");
  for (const pair of copy) pair[1] = "changed";
  copy.getAll("a").push("changed");
  assertEquals([...copy], [["a", "1"]]);
});

Deno.test("Metadata can be changed while it is iterated over", { permissions: "none" }, () => {
  const metadata = new Metadata({ a: "1", b: "2" });
  const seen: string[] = [];
  for (const [key] of metadata) {
    seen.push(key);
    metadata.delete(key);
  }
  assertEquals(seen, ["a", "b"]);
  assertStrictEquals(metadata.size, 0);
});
