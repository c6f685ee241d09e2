import { assertEquals } from "@std/assert";
import { resolveConnectionOptions } from "../../src/connection/connection_options.ts";
import { WriterPipe } from "../../src/connection/writer_pipe.ts";
import { CallPlaces } from "../../src/server/call_places.ts";
import { EMPTY } from "../call_frames.ts";
import { GatedSink } from "../connection/gated_sink.ts";
import { settled } from "../settled.ts";

interface Fixture {
  sink: GatedSink;
  writer: WriterPipe;
  places: CallPlaces;
  /** A call is answered, and over. */
  answer(): void;
}

function fixture(limit: number): Fixture {
  const sink = new GatedSink();
  const writer = new WriterPipe(sink, resolveConnectionOptions({}), () => {});
  const places = new CallPlaces(limit, writer);
  const answer = () => {
    writer.send(1, 2, 0, EMPTY);
    places.leave(true);
  };
  return { sink, writer, places, answer };
}

Deno.test("[B5, S17] CallPlaces gives a place back once the answer has been taken", async () => {
  const { sink, writer, places, answer } = fixture(2);
  sink.hold();
  assertEquals([places.take(), places.take(), places.take()], [true, true, false]);
  answer();
  assertEquals([places.unwritten, places.take()], [1, false]);
  await settled();
  // Handed over, and so as good as taken.
  answer();
  assertEquals([places.unwritten, places.take(), places.take()], [1, true, false]);
  sink.release();
  await writer.drained();
  assertEquals([places.unwritten, places.take(), places.take()], [0, true, false]);
});

Deno.test("[B5] CallPlaces keeps no answer that was taken, however many there may be", async () => {
  const { sink, writer, places, answer } = fixture(Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < 10; i++) {
    for (let j = 0; j < 100; j++) {
      places.take();
      answer();
    }
    assertEquals(places.unwritten, 100);
    await writer.drained();
    assertEquals(places.unwritten, 0);
  }
  sink.hold();
  for (let j = 0; j < 200; j++) answer();
  assertEquals(places.unwritten, 200);
  sink.release();
});

Deno.test("[B5] CallPlaces waits for no answer of a connection that is lost", () => {
  const { writer, places, answer } = fixture(2);
  places.take();
  places.take();
  answer();
  writer.abort(new Error("lost"));
  assertEquals(places.unwritten, 0);
  answer();
  assertEquals(places.unwritten, 0);
});

Deno.test("[B5] CallPlaces gives a place without an answer back at once", () => {
  const { sink, places, answer } = fixture(2);
  sink.hold();
  places.take();
  places.take();
  answer();
  places.leave(false);
  assertEquals([places.unwritten, places.take(), places.take()], [1, true, false]);
});
