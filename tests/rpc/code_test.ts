import { assertEquals } from "@std/assert";
import { Code, codeToString } from "../../src/rpc/code.ts";

const NAMES: [code: number, name: string][] = [
  [0, "ok"],
  [1, "canceled"],
  [2, "unknown"],
  [3, "invalid_argument"],
  [4, "deadline_exceeded"],
  [5, "not_found"],
  [6, "already_exists"],
  [7, "permission_denied"],
  [8, "resource_exhausted"],
  [9, "failed_precondition"],
  [10, "aborted"],
  [11, "out_of_range"],
  [12, "unimplemented"],
  [13, "internal"],
  [14, "unavailable"],
  [15, "data_loss"],
  [16, "unauthenticated"],
  [17, "code 17"],
  [-1, "code -1"],
  [4711, "code 4711"],
];

Deno.test("codeToString() gives gRPC's names, else the number", { permissions: "none" }, () => {
  for (const [code, name] of NAMES) assertEquals(codeToString(code), name);
});

Deno.test("Code has a name for each of the numbers 0 to 16 and for no other", { permissions: "none" }, () => {
  const numbers = Object.values(Code).filter((value) => typeof value === "number");
  assertEquals(numbers, Array.from({ length: 17 }, (_, i) => i));
});
