import { assertEquals } from "@std/assert";
import { dialectOf } from "./shim.ts";

Deno.test("dialectOf() knows how each version of containerd's shim is talked to", () => {
  const dialects = ["1.6.20", "1.7.35", "2.0.14", "2.2.9", "2.3.7", "2.4.2", "3.0.0"].map(dialectOf);
  assertEquals(dialects.map(({ taskVersion }) => taskVersion), [2, 2, 3, 3, 3, 3, 3]);
  assertEquals(dialects.map(({ format }) => format), [
    "text",
    "text",
    "json",
    "json",
    "protobuf",
    "protobuf",
    "protobuf",
  ]);
});
