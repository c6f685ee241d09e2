import { assertEquals } from "@std/assert";
import { Backoff, type BackoffOptions } from "../../src/client/backoff.ts";
import type { ClientConnection } from "../../src/client/client_connection.ts";
import type { Connect } from "../../src/client/connect_within.ts";
import { ConnectionSource, type TransportState } from "../../src/client/connection_source.ts";
import type { ConnectionTaker } from "../../src/client/waiting_calls.ts";
import { type ConnectionOptions, resolveConnectionOptions } from "../../src/connection/connection_options.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { assertIdle } from "../assert_stats.ts";
import { EMPTY } from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { FakeClock } from "../fake_clock.ts";
import { settled } from "../settled.ts";

/** Ten bytes are a frame: there is room for one at a time. */
const ONE_FRAME = { sendBufferBytes: 10 };

/** A source whose attempts to connect do what a test says, and what becomes of those who wait. */
class Fixture implements Disposable {
  readonly clock = new FakeClock();
  readonly #clock = this.clock.install();
  readonly attempts: PromiseWithResolvers<Duplex>[] = [];
  readonly states: TransportState[] = [];
  /** Who was opened, or failed and why. */
  readonly log: string[] = [];
  readonly source: ConnectionSource;
  /** What a test does at a change, besides. */
  onState: (state: TransportState) => void = () => {};

  /** The signal of the last attempt. */
  signal: AbortSignal | undefined;

  constructor(
    options: ConnectionOptions = {},
    backoff: BackoffOptions = { initialMs: 100 },
    connectTimeoutMs = Infinity,
  ) {
    const connect: Connect = ({ signal }) => {
      this.signal = signal;
      const attempt = Promise.withResolvers<Duplex>();
      this.attempts.push(attempt);
      return attempt.promise;
    };
    this.source = new ConnectionSource(connect, {
      ...resolveConnectionOptions(options),
      cancelNotice: true,
      connectTimeoutMs,
      ping: undefined,
      backoff: new Backoff(backoff),
      onStateChange: (state) => {
        this.states.push(state);
        this.onState(state);
      },
    });
  }

  /** Somebody asks for the connection, to send one frame on it. */
  submit(
    name: string,
    waitForReady = false,
    then: (connection: ClientConnection) => void = () => {},
  ): ConnectionTaker {
    const taker: ConnectionTaker = {
      waitForReady,
      open: (connection) => {
        this.log.push(name);
        connection.writer.send(1, 3, 0, EMPTY);
        then(connection);
      },
      fail: ({ code, rawMessage }) => this.log.push(`${name}: ${code} ${rawMessage}`),
    };
    this.source.submit(taker);
    return taker;
  }

  /** The last attempt succeeds. */
  async connected(duplex = new ControlledDuplex()): Promise<ControlledDuplex> {
    this.attempts.at(-1)?.resolve(duplex);
    await settled();
    return duplex;
  }

  /** The last attempt fails. */
  async refused(reason: unknown = new Error("refused")): Promise<void> {
    this.attempts.at(-1)?.reject(reason);
    await settled();
  }

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
  }
}

Deno.test("[Z5] ConnectionSource connects when it is first asked, once for all, and opens them in order", async () => {
  using fixture = new Fixture();
  assertEquals([fixture.attempts.length, fixture.source.connection], [0, undefined]);
  for (const name of ["a", "b", "c"]) fixture.submit(name);
  assertEquals([fixture.attempts.length, fixture.log], [1, []]);
  await fixture.connected();
  fixture.submit("d");
  assertEquals([fixture.attempts.length, fixture.log], [1, ["a", "b", "c", "d"]]);
  assertEquals(fixture.states, ["connecting", "ready"]);
});

Deno.test("[B1] ConnectionSource opens calls first come, first served, as there is room", async () => {
  using fixture = new Fixture(ONE_FRAME);
  fixture.submit("a");
  const b = fixture.submit("b");
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  await fixture.connected(duplex);
  const c = fixture.submit("c");
  for (const name of ["d", "e"]) fixture.submit(name);
  assertEquals(fixture.log, ["a"]);
  fixture.source.withdraw(b);
  fixture.source.withdraw(c);
  duplex.sink.release();
  await settled();
  assertEquals(fixture.log, ["a", "d", "e"]);
  assertEquals(fixture.source.stats().sentFrames, 3);
});

Deno.test("[B1] ConnectionSource gives calls and streams their turns by one order", async () => {
  using fixture = new Fixture(ONE_FRAME);
  const duplex = new ControlledDuplex();
  fixture.submit("a");
  duplex.sink.hold();
  await fixture.connected(duplex);
  const writer = fixture.source.connection?.writer;
  const stream = (name: string) =>
    writer?.whenRoom(() => {
      fixture.log.push(name);
      writer.send(1, 3, 0, EMPTY);
      if (name === "stream") stream("stream again");
    });
  fixture.submit("b");
  stream("stream");
  fixture.submit("c");
  fixture.submit("d");
  duplex.sink.release();
  await settled();
  assertEquals(fixture.log, ["a", "b", "stream", "c", "d", "stream again"]);
});

Deno.test("[Z5] ConnectionSource connects again for those who wait for room when the connection is lost", async () => {
  using fixture = new Fixture(ONE_FRAME);
  fixture.submit("a");
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  await fixture.connected(duplex);
  for (const name of ["b", "c", "d"]) fixture.submit(name);
  duplex.endReading();
  await settled();
  duplex.sink.release();
  assertEquals([fixture.log, fixture.attempts.length], [["a"], 2]);
  await fixture.connected();
  await settled();
  assertEquals(fixture.log, ["a", "b", "c", "d"]);
  assertEquals(fixture.states, ["connecting", "ready", "idle", "connecting", "ready"]);
  assertEquals(fixture.clock.pendingTimers, 0);
});

Deno.test("[Z5] ConnectionSource opens nothing on a connection whose write has failed", async () => {
  using fixture = new Fixture(ONE_FRAME);
  fixture.submit("a");
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  await fixture.connected(duplex);
  for (const name of ["b", "c"]) fixture.submit(name);
  duplex.sink.fail(new Error("Broken pipe"));
  await settled();
  assertEquals([fixture.log, fixture.attempts.length], [["a"], 2]);
  await fixture.connected();
  await settled();
  assertEquals(fixture.log, ["a", "b", "c"]);
  assertEquals(fixture.states, ["connecting", "ready", "idle", "connecting", "ready"]);
});

Deno.test("[Z5] ConnectionSource goes on when a call ends the connection while others are opened", async () => {
  using fixture = new Fixture();
  fixture.submit("a", false, (connection) => void connection.close());
  fixture.submit("b");
  await fixture.connected();
  assertEquals([fixture.log, fixture.attempts.length], [["a"], 2]);
  fixture.submit("c");
  await fixture.connected();
  assertEquals(fixture.log, ["a", "b", "c"]);
});

Deno.test("ConnectionSource opens no call that is withdrawn while one before it is opened", async () => {
  using fixture = new Fixture();
  fixture.submit("a", false, () => fixture.source.withdraw(b));
  const b = fixture.submit("b");
  fixture.submit("c");
  await fixture.connected();
  assertEquals(fixture.log, ["a", "c"]);
});

Deno.test("ConnectionSource is not idle while it connects and the connection before still closes", async () => {
  using fixture = new Fixture();
  fixture.submit("a");
  const before = new ControlledDuplex();
  before.sink.hold();
  await fixture.connected(before);
  fixture.source.connection?.close();
  fixture.submit("b");
  before.sink.release();
  await settled();
  assertEquals(before.closes, 1);
  await fixture.connected();
  assertEquals([fixture.log, fixture.states], [["a", "b"], ["connecting", "ready", "connecting", "ready"]]);
});

Deno.test("[Z5] ConnectionSource fails calls with the reason, while others wait for a later attempt", async () => {
  using fixture = new Fixture();
  fixture.submit("a");
  fixture.submit("b", true);
  fixture.submit("c");
  await fixture.refused();
  assertEquals(fixture.log, ["a: 14 refused", "c: 14 refused"]);
  fixture.submit("d");
  fixture.submit("e", true);
  assertEquals(fixture.log.slice(2), ["d: 14 refused"]);
  fixture.clock.advance(49);
  assertEquals([fixture.attempts.length, fixture.clock.pendingTimers], [1, 1]);
  fixture.clock.advance(51);
  assertEquals([fixture.attempts.length, fixture.clock.pendingTimers], [2, 0]);
  await fixture.refused(new Error("again"));
  fixture.submit("f");
  fixture.clock.advance(200);
  await fixture.connected();
  assertEquals(fixture.log.slice(3), ["f: 14 again", "b", "e"]);
  assertEquals(fixture.states, ["connecting", "ready"]);
});

Deno.test("[Z5] ConnectionSource gives up an attempt that takes too long, and makes the next one", async () => {
  using fixture = new Fixture({}, { initialMs: 100 }, 20_000);
  fixture.submit("a");
  fixture.submit("b", true);
  fixture.clock.advance(19_999);
  await settled();
  assertEquals([fixture.log, fixture.signal?.aborted], [[], false]);
  fixture.clock.advance(1);
  await settled();
  assertEquals([fixture.log, fixture.signal?.aborted], [
    ["a: 14 Cannot connect: no connection within 20000 ms"],
    true,
  ]);
  // It comes late, and nobody needs it.
  assertEquals((await fixture.connected()).closes, 1);
  fixture.clock.advance(100);
  await fixture.connected();
  assertEquals([fixture.attempts.length, fixture.log.at(-1), fixture.clock.pendingTimers], [2, "b", 0]);
});

Deno.test("[Z5] ConnectionSource makes no further attempt where that would fail too", async () => {
  using fixture = new Fixture();
  fixture.submit("a", true);
  await fixture.refused(new TtrpcError("run again with --allow-net", Code.PermissionDenied));
  assertEquals([fixture.log, fixture.clock.pendingTimers], [["a: 7 run again with --allow-net"], 0]);
  fixture.clock.advance(100);
  fixture.submit("b");
  await fixture.connected();
  assertEquals([fixture.attempts.length, fixture.log.at(-1)], [2, "b"]);
});

Deno.test("[Z5] ConnectionSource makes no attempt for nobody, and none before its time", async () => {
  using fixture = new Fixture();
  fixture.submit("a");
  await fixture.refused();
  assertEquals([fixture.states, fixture.clock.pendingTimers], [["connecting", "idle"], 0]);
  fixture.submit("b");
  assertEquals([fixture.log.at(-1), fixture.attempts.length], ["b: 14 refused", 1]);
  fixture.clock.advance(100);
  assertEquals(fixture.attempts.length, 1);
  fixture.submit("c");
  assertEquals(fixture.attempts.length, 2);
  await fixture.connected();
  assertEquals(fixture.states, ["connecting", "idle", "connecting", "ready"]);
});

Deno.test("[Z5] ConnectionSource stops trying when nobody waits any more, and leaves no timer", async () => {
  using fixture = new Fixture();
  const takers = [fixture.submit("a", true), fixture.submit("b", true)];
  await fixture.refused();
  assertEquals(fixture.clock.pendingTimers, 1);
  for (const taker of takers) fixture.source.withdraw(taker);
  await settled();
  assertEquals([fixture.clock.pendingTimers, fixture.states], [0, ["connecting", "idle"]]);
  fixture.clock.advance(100_000);
  assertEquals([fixture.attempts.length, fixture.log], [1, []]);
});

Deno.test("[Z5] ConnectionSource makes one attempt when a timer is late", async () => {
  using fixture = new Fixture();
  fixture.submit("a", true);
  await fixture.refused();
  assertEquals(fixture.clock.pendingTimers, 1);
  {
    using _ = fixture.clock.ahead(1000);
    fixture.submit("b");
    assertEquals([fixture.attempts.length, fixture.clock.pendingTimers], [2, 0]);
  }
  await fixture.connected();
  fixture.clock.advance(1000);
  assertEquals([fixture.attempts.length, fixture.log], [2, ["a", "b"]]);
});

Deno.test("[Z5] ConnectionSource connects at once after a loss, without a wait", async () => {
  using fixture = new Fixture();
  for (let i = 1; i <= 3; i++) {
    fixture.submit("a");
    assertEquals(fixture.attempts.length, i);
    const duplex = await fixture.connected();
    duplex.failReading(new Error("reset"));
    await settled();
  }
  assertEquals(fixture.source.connection, undefined);
  assertEquals(fixture.states, Array(3).fill(["connecting", "ready", "idle"]).flat());
});

Deno.test("[Z5] ConnectionSource waits no longer than the first time when a success lies between", async () => {
  using fixture = new Fixture();
  const patient = fixture.submit("a", true);
  for (let i = 0; i < 4; i++) {
    await fixture.refused();
    fixture.clock.advance(800);
  }
  const duplex = await fixture.connected();
  fixture.source.withdraw(patient);
  duplex.endReading();
  await settled();
  fixture.submit("b", true);
  await fixture.refused();
  assertEquals(fixture.attempts.length, 6);
  fixture.clock.advance(100);
  assertEquals(fixture.attempts.length, 7);
});

Deno.test("ConnectionSource takes what connect() throws, or gives that is no duplex, for a failure", async () => {
  for (const connect of [() => JSON.parse("{"), () => Promise.resolve(undefined)]) {
    const failures: number[] = [];
    const source = new ConnectionSource(connect, {
      ...resolveConnectionOptions({}),
      cancelNotice: true,
      connectTimeoutMs: Infinity,
      ping: undefined,
      backoff: new Backoff(),
      onStateChange: () => {},
    });
    source.submit({ waitForReady: false, open: () => {}, fail: ({ code }) => failures.push(code) });
    await settled();
    assertEquals(failures, [14]);
    await source.close();
  }
});

const CLOSED = "1 The transport is closed";

Deno.test("ConnectionSource.close() closes a connection that comes in the same turn", async () => {
  using fixture = new Fixture();
  fixture.submit("a");
  const duplex = new ControlledDuplex();
  const attempt = fixture.attempts[0]?.promise;
  // Told before the source is.
  const closed = attempt?.then(() => fixture.source.close());
  await fixture.connected(duplex);
  await closed;
  assertEquals([duplex.closes, fixture.source.stats().connections], [1, 0]);
});

Deno.test("ConnectionSource.close() is for good, wherever the source stands", async () => {
  const cases: [state: TransportState, reach: (fixture: Fixture) => Promise<unknown>, log: string[]][] = [
    ["idle", () => settled(), []],
    ["connecting", async (fixture) => {
      fixture.submit("a");
      await settled();
    }, [`a: ${CLOSED}`]],
    ["connecting", async (fixture) => {
      fixture.submit("a", true);
      await fixture.refused();
    }, [`a: ${CLOSED}`]],
    ["ready", async (fixture) => {
      fixture.submit("a");
      const duplex = new ControlledDuplex();
      duplex.sink.hold();
      await fixture.connected(duplex);
      fixture.submit("b");
      duplex.sink.release();
    }, ["a", `b: ${CLOSED}`]],
  ];
  for (const [state, reach, log] of cases) {
    using fixture = new Fixture(ONE_FRAME);
    await reach(fixture);
    assertEquals(fixture.states.at(-1) ?? "idle", state);
    const closed = fixture.source.close();
    fixture.submit("late", true);
    await closed;
    await settled();
    assertEquals(fixture.log, [...log, `late: ${CLOSED}`]);
    assertEquals([fixture.states.at(-1), fixture.clock.pendingTimers], ["closed", 0]);
    const attempts = fixture.attempts.length;
    await fixture.connected();
    assertEquals([fixture.attempts.length, fixture.states.at(-1)], [attempts, "closed"]);
    assertIdle(fixture.source.stats());
  }
});

Deno.test("ConnectionSource closes a connection that comes after close(), even one that can't be closed", async () => {
  for (const close of [() => {}, () => JSON.parse("{")]) {
    using fixture = new Fixture();
    fixture.submit("a");
    await fixture.source.close();
    const duplex = new ControlledDuplex();
    let closes = 0;
    duplex.close = () => {
      closes++;
      close();
    };
    await fixture.connected(duplex);
    assertEquals([closes, fixture.states], [1, ["connecting", "closed"]]);
  }
});

Deno.test("ConnectionSource can be closed, and asked, by whoever is told of its state", async () => {
  for (const at of ["connecting", "ready"] as const) {
    using fixture = new Fixture();
    fixture.onState = (state) => {
      if (state !== at) return;
      fixture.submit("b", true);
      fixture.source.close();
      fixture.submit("c", true);
    };
    fixture.submit("a", true);
    await settled();
    await fixture.connected();
    assertEquals(
      fixture.states,
      at === "ready" ? ["connecting", "ready", "closed"] : ["connecting", "closed"],
    );
    assertEquals(
      fixture.log,
      at === "ready" ? ["a", "b", `c: ${CLOSED}`] : [`a: ${CLOSED}`, `b: ${CLOSED}`, `c: ${CLOSED}`],
    );
    assertIdle(fixture.source.stats());
  }
});
