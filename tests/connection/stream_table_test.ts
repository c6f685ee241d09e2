import { assertEquals } from "@std/assert";
import { StreamTable } from "../../src/connection/stream_table.ts";
import { withRandom } from "../random.ts";

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

Deno.test("StreamTable keeps old calls among thousands of short ones, as a Map would", () => {
  return withRandom((random) => {
    const table = new StreamTable<string>();
    const expected = new Map<number, string>();
    const many = 5_000;
    for (let id = 1; id < 2 * many; id += 2) {
      table.add(id, `call ${id}`);
      expected.set(id, `call ${id}`);
      // Calls end in any order, a few of them never.
      const ended = id - 2 * random.below(40);
      if (ended > 0 && ended % 101 > 0) {
        table.remove(ended);
        expected.delete(ended);
      }
      if (random.oneIn(100)) {
        for (let other = 1; other <= id + 2; other += 2) assertEquals(table.get(other), expected.get(other));
      }
    }
    assertEquals([table.size, table.snapshot()], [expected.size, [...expected.values()]]);
    for (const id of [...expected.keys()]) table.remove(id);
    assertEquals([table.size, table.snapshot(), table.get(1)], [0, [], undefined]);
  });
});
