import { assertEquals } from "@std/assert";
import { StreamIds } from "../../src/server/stream_ids.ts";
import { withRandom } from "../random.ts";

Deno.test(
  "[S1] StreamIds refuses by default every id that is not above the last",
  { permissions: "none" },
  () => {
    const ids = new StreamIds("refuse");
    const uses: [streamId: number, isTaken: boolean][] = [
      [5, true],
      [5, false],
      [3, false],
      [1, false],
      [7, true],
      [0xffffffff, true],
      [0xfffffffd, false],
    ];
    for (const [streamId, isTaken] of uses) assertEquals(ids.use(streamId), isTaken, `${streamId}`);
    assertEquals([1, 3, 5, 7, 9, 0xffffffff].map((id) => ids.has(id)), Array(6).fill(true));
  },
);

Deno.test("[S16] StreamIds takes an unused id of the last 1 024 calls, once", { permissions: "none" }, () => {
  const ids = new StreamIds("accept");
  assertEquals(ids.use(10_001), true);
  assertEquals([ids.has(7953), ids.has(7951), ids.has(10_001), ids.has(10_003)], [false, true, true, false]);
  for (
    const [streamId, isTaken] of [[7951, false], [7953, true], [7953, false], [9999, true], [
      1,
      false,
    ]] as const
  ) {
    assertEquals(ids.use(streamId), isTaken, `${streamId}`);
  }
  assertEquals([ids.has(7953), ids.has(9999)], [true, true]);
  assertEquals([ids.use(10_003), ids.use(7955), ids.use(7957)], [true, true, true]);
  // All is far behind after a leap.
  assertEquals([ids.use(0xffffffff), ids.use(9997), ids.use(0xfffffffd)], [true, false, true]);
});

Deno.test(
  "[S3, S16] StreamIds does as its rule says in any order of ids",
  { permissions: "none" },
  async () => {
    await withRandom((random) => {
      const ids = new StreamIds("accept");
      const used = new Set<number>();
      let highest = 0;
      for (let i = 0; i < 5000; i++) {
        const streamId = Math.max(1, (highest | 1) + 2 * (random.below(1200) - (random.oneIn(3) ? 0 : 1100)));
        const isTaken = !used.has(streamId) && streamId >= highest - 2048;
        assertEquals(ids.has(streamId), streamId <= highest && !isTaken, `has ${streamId}, ${highest}`);
        assertEquals(ids.use(streamId), isTaken, `use ${streamId}, ${highest}`);
        used.add(streamId);
        highest = Math.max(highest, streamId);
      }
    });
  },
);
