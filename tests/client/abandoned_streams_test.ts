import { assertEquals } from "@std/assert";
import { AbandonedStreams } from "../../src/client/abandoned_streams.ts";
import { FakeClock } from "../fake_clock.ts";

const MIB = 1_048_576;

Deno.test("[X5] AbandonedStreams flood with more than 1 MiB that comes a second later, on all together", () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const streams = new AbandonedStreams();
  streams.add(1);
  streams.add(3);
  clock.advance(999);
  streams.countLate(1, 10 * MIB);
  streams.countLate(5, 10 * MIB);
  assertEquals(streams.areFlooding, false);
  clock.advance(1);
  streams.countLate(1, MIB - 1);
  streams.countLate(3, 1);
  assertEquals(streams.areFlooding, false);
  streams.countLate(3, 1);
  assertEquals(streams.areFlooding, true);
});

Deno.test("[X5] AbandonedStreams forget a stream that has ended, and the oldest of very many", () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const streams = new AbandonedStreams();
  for (let id = 1; id <= 2049; id += 2) streams.add(id);
  streams.delete(3);
  clock.advance(1000);
  for (const id of [1, 3]) streams.countLate(id, 2 * MIB);
  assertEquals(streams.areFlooding, false);
  streams.countLate(5, 2 * MIB);
  assertEquals(streams.areFlooding, true);
});
