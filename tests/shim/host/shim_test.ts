import { assertEquals } from "@std/assert";
import { taskVersionOf } from "./shim.ts";

Deno.test("taskVersionOf() knows which service each version of containerd's shim has", () => {
  const versions = ["1.6.20", "1.7.35", "2.0.14", "2.2.9", "2.3.7", "2.4.2", "3.0.0"].map(taskVersionOf);
  assertEquals(versions, [2, 2, 3, 3, 3, 3, 3]);
});
