import { assertEquals } from "@std/assert";
import { WaitingLine } from "../../src/connection/waiting_line.ts";
import { FakeClock } from "../fake_clock.ts";

/** A line, and what has happened. */
class Fixture {
  readonly clock = new FakeClock();
  /** Whose turn it was, in their order. */
  readonly turns: string[] = [];
  /** How many bytes the peer has taken. */
  takenBytes = 0;
  stalls = 0;
  /** For how many turns there is room. */
  room = 0;
  readonly line = new WaitingLine(1000, () => this.takenBytes, () => this.stalls++);

  /** A sender joins the line; it takes the room of one. */
  join(name: string, then: () => void = () => {}): () => void {
    const send = () => {
      this.room--;
      this.turns.push(name);
      then();
    };
    this.line.join(send);
    return send;
  }

  /** There is room for so many. */
  advance(room: number): void {
    this.room = room;
    this.line.advance(() => this.room > 0);
  }
}

Deno.test("[B1] WaitingLine gives turns first come, first served, while there is room", () => {
  const fixture = new Fixture();
  using _ = fixture.clock.install();
  for (const name of ["a", "b", "c", "d"]) fixture.join(name);
  fixture.advance(0);
  assertEquals(fixture.turns, []);
  fixture.advance(2);
  assertEquals([fixture.turns, fixture.line.isEmpty], [["a", "b"], false]);
  fixture.join("e");
  fixture.advance(9);
  assertEquals([fixture.turns, fixture.line.isEmpty], [["a", "b", "c", "d", "e"], true]);
});

Deno.test("[B1] WaitingLine puts whoever joins again behind those who wait", () => {
  const fixture = new Fixture();
  using _ = fixture.clock.install();
  fixture.join("a", () => fixture.join("a again"));
  fixture.join("b");
  fixture.advance(3);
  assertEquals(fixture.turns, ["a", "b", "a again"]);
});

Deno.test("[B1] WaitingLine.leave() leaves no trace, not even for one whose turn comes next", () => {
  const fixture = new Fixture();
  using _ = fixture.clock.install();
  const leave: (() => void)[] = [];
  fixture.join("a", () => fixture.line.leave(leave[0] ?? (() => {})));
  leave.push(fixture.join("b"));
  const c = fixture.join("c");
  fixture.line.leave(c);
  fixture.line.leave(c);
  fixture.advance(3);
  assertEquals([fixture.turns, fixture.room, fixture.line.isEmpty], [["a"], 2, true]);
  fixture.line.leave(fixture.join("d"));
  assertEquals([fixture.line.isEmpty, fixture.clock.pendingTimers], [true, 0]);
});

Deno.test("WaitingLine.dissolve() lets all go on, and those that join meanwhile stay", () => {
  const fixture = new Fixture();
  using _ = fixture.clock.install();
  fixture.join("a", () => fixture.join("late"));
  fixture.join("b");
  fixture.line.dissolve();
  assertEquals([fixture.turns, fixture.line.isEmpty], [["a", "b"], false]);
  fixture.line.dissolve();
  assertEquals([fixture.line.isEmpty, fixture.clock.pendingTimers], [true, 0]);
});

Deno.test("[B2] WaitingLine tells of a peer that takes no byte while somebody waits", () => {
  const fixture = new Fixture();
  const { clock, line } = fixture;
  using _ = clock.install();
  clock.advance(5000);
  fixture.join("a");
  clock.advance(500);
  fixture.join("b");
  clock.advance(499);
  assertEquals(fixture.stalls, 0);
  clock.advance(1);
  assertEquals(fixture.stalls, 1);
  line.dissolve();
  clock.advance(5000);
  assertEquals([fixture.stalls, clock.pendingTimers], [1, 0]);
});

Deno.test("[B2] WaitingLine is content with any byte, and when nobody waits", () => {
  const fixture = new Fixture();
  const { clock } = fixture;
  using _ = clock.install();
  fixture.join("a");
  for (let i = 0; i < 5; i++) {
    fixture.takenBytes++;
    clock.advance(1000);
  }
  assertEquals(fixture.stalls, 0);
  clock.advance(1000);
  assertEquals(fixture.stalls, 1);
  fixture.join("b");
  fixture.advance(2);
  clock.advance(5000);
  assertEquals([fixture.stalls, clock.pendingTimers], [1, 0]);
});

Deno.test("[B2] WaitingLine has one timer for all who wait until it rests", () => {
  const fixture = new Fixture();
  const { clock, line } = fixture;
  using _ = clock.install();
  for (let i = 0; i < 5; i++) {
    fixture.join("a");
    line.rest();
    fixture.takenBytes++;
    fixture.advance(1);
  }
  assertEquals([clock.startedTimers, clock.pendingTimers], [1, 1]);
  // One that has joined late is watched for its whole time.
  clock.advance(999);
  fixture.join("b");
  clock.advance(1);
  assertEquals(fixture.stalls, 0);
  clock.advance(1000);
  assertEquals(fixture.stalls, 1);
  fixture.join("c");
  fixture.advance(2);
  line.rest();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[B2] WaitingLine.hold() watches the peer until the line is dissolved", () => {
  const fixture = new Fixture();
  const { clock, line } = fixture;
  using _ = clock.install();
  line.hold();
  assertEquals(line.isEmpty, true);
  fixture.join("a");
  fixture.advance(1);
  clock.advance(1000);
  assertEquals(fixture.stalls, 1);
  line.hold();
  line.dissolve();
  clock.advance(1000);
  assertEquals([fixture.stalls, clock.pendingTimers], [1, 0]);
});
