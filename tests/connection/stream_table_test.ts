import { assertEquals } from "@std/assert";
import { StreamTable } from "../../src/connection/stream_table.ts";

Deno.test("StreamTable finds calls by their id until they are removed", { permissions: "none" }, () => {
  const table = new StreamTable<string>();
  const ids = [1, 3, 2 ** 31 - 1, 2 ** 32 - 1];
  for (const id of ids) table.add(id, `call ${id}`);
  assertEquals(table.size, ids.length);
  for (const id of ids) assertEquals(table.get(id), `call ${id}`);
  assertEquals(table.get(5), undefined);
  for (const id of [5, 3, 3]) table.remove(id);
  assertEquals([table.get(3), table.size], [undefined, 3]);
});

Deno.test("StreamTable.snapshot() lets calls end while it is gone through", { permissions: "none" }, () => {
  const table = new StreamTable<number>();
  for (const id of [1, 3, 5]) table.add(id, id);
  const seen: number[] = [];
  for (const id of table.snapshot()) {
    seen.push(id);
    for (const other of [1, 3, 5]) table.remove(other);
  }
  assertEquals([seen, table.size], [[1, 3, 5], 0]);
});
