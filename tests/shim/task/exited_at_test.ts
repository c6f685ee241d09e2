import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { assertEquals } from "@std/assert";
import { exitedAt } from "../../../src/shim/task/exited_at.ts";

Deno.test("exitedAt() gives the time", { permissions: "none" }, () => {
  const timestamp = create(TimestampSchema, { seconds: 1_795_268_342n, nanos: 574_000_000 });
  assertEquals(exitedAt(timestamp)?.toISOString(), "2026-11-21T13:39:02.574Z");
  assertEquals(exitedAt(create(TimestampSchema))?.getTime(), 0);
});

Deno.test("exitedAt() knows none where it is missing or Go's zero time", { permissions: "none" }, () => {
  assertEquals(exitedAt(undefined), undefined);
  assertEquals(exitedAt(create(TimestampSchema, { seconds: -62135596800n })), undefined);
});
