import { assertEquals } from "@std/assert";
import { ClientConnection } from "../../src/client/client_connection.ts";
import { type ConnectionTaker, WaitingCalls } from "../../src/client/waiting_calls.ts";
import { resolveConnectionOptions } from "../../src/connection/connection_options.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { EMPTY } from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { settled } from "../settled.ts";

const PURE = { permissions: "none" } as const;

/** A connection with room for one frame of ten bytes, of which the peer takes none yet. */
function fullConnection(): { connection: ClientConnection; duplex: ControlledDuplex } {
  const duplex = new ControlledDuplex();
  const connection = new ClientConnection(duplex, {
    ...resolveConnectionOptions({ sendBufferBytes: 10 }),
    cancelNotice: true,
    ping: undefined,
  });
  duplex.sink.hold();
  connection.writer.send(1, 3, 0, EMPTY);
  return { connection, duplex };
}

/** Calls that wait, and what becomes of them. */
class Fixture {
  readonly log: string[] = [];
  readonly calls = new WaitingCalls(() => this.log.push("submitted again"));

  /** A call that begins to wait; it sends one frame when it has its turn. */
  add(name: string, waitForReady = false, then: () => void = () => {}): ConnectionTaker {
    const call: ConnectionTaker = {
      waitForReady,
      open: (connection) => {
        this.log.push(name);
        connection.writer.send(1, 3, 0, EMPTY);
        then();
      },
      fail: ({ rawMessage }) => {
        this.log.push(`${name}: ${rawMessage}`);
        then();
      },
    };
    this.calls.add(call);
    return call;
  }
}

Deno.test(
  "[B1] WaitingCalls opens calls in the order in which they came, as there is room",
  PURE,
  async () => {
    const fixture = new Fixture();
    const { calls, log } = fixture;
    const { connection, duplex } = fullConnection();
    const first = fixture.add("a");
    for (const name of ["b", "c"]) fixture.add(name);
    calls.joinAll(connection);
    assertEquals([log, calls.isEmpty, connection.openCalls], [[], false, 3]);
    duplex.sink.release();
    await settled();
    assertEquals([log, calls.isEmpty, connection.openCalls], [["a", "b", "c"], true, 0]);
    assertEquals(calls.remove(first), false);
    await connection.close();
  },
);

Deno.test("WaitingCalls forgets a call, wherever it waits", PURE, async () => {
  const fixture = new Fixture();
  const { calls, log } = fixture;
  const { connection, duplex } = fullConnection();
  const inNoLine = fixture.add("in no line");
  assertEquals([calls.remove(inNoLine), calls.remove(inNoLine)], [true, false]);
  const [inLine, other] = [fixture.add("in a line"), fixture.add("other")];
  calls.joinAll(connection);
  assertEquals([calls.remove(inLine), connection.openCalls], [true, 1]);
  duplex.sink.release();
  await settled();
  assertEquals([log, calls.remove(other)], [["other"], false]);
  await connection.close();
});

Deno.test("WaitingCalls takes calls out of their lines, and they wait on", PURE, async () => {
  const fixture = new Fixture();
  const { calls, log } = fixture;
  const [before, after] = [fullConnection(), fullConnection()];
  for (const name of ["a", "b"]) fixture.add(name);
  calls.joinAll(before.connection);
  calls.leaveLines();
  assertEquals([calls.isEmpty, before.connection.openCalls], [false, 0]);
  calls.joinAll(after.connection);
  before.duplex.sink.release();
  await settled();
  assertEquals(log, []);
  after.duplex.sink.release();
  await settled();
  assertEquals(log, ["a", "b"]);
  for (const { connection } of [before, after]) await connection.close();
});

Deno.test("WaitingCalls moves a call from one line to another", PURE, async () => {
  const fixture = new Fixture();
  const { calls, log } = fixture;
  const [before, after] = [fullConnection(), fullConnection()];
  const call = fixture.add("a");
  calls.joinLine(call, before.connection);
  calls.joinLine(call, after.connection);
  assertEquals([before.connection.openCalls, after.connection.openCalls], [0, 1]);
  for (const { duplex } of [before, after]) duplex.sink.release();
  await settled();
  assertEquals(log, ["a"]);
  for (const { connection } of [before, after]) await connection.close();
});

Deno.test("WaitingCalls submits a call again whose connection takes no further ones", PURE, async () => {
  const fixture = new Fixture();
  const { connection } = fullConnection();
  fixture.add("a");
  fixture.calls.joinAll(connection);
  connection.fail(new TtrpcError("lost", Code.Unavailable));
  await settled();
  assertEquals([fixture.log, fixture.calls.isEmpty], [["submitted again"], true]);
});

Deno.test("WaitingCalls fails the calls that are meant, and the others wait on", PURE, () => {
  const fixture = new Fixture();
  const { calls, log } = fixture;
  const error = new TtrpcError("refused", Code.Unavailable);
  const patient = fixture.add("patient", true);
  for (const name of ["a", "b"]) fixture.add(name);
  calls.fail(error, ({ waitForReady }) => !waitForReady);
  assertEquals([log, calls.isEmpty], [["a: refused", "b: refused"], false]);
  calls.fail(error, () => true);
  assertEquals([log.at(-1), calls.isEmpty, calls.remove(patient)], ["patient: refused", true, false]);
});

Deno.test("WaitingCalls leaves a call alone that one before it has ended", PURE, async () => {
  for (const outcome of ["open", "fail"]) {
    const fixture = new Fixture();
    const { calls, log } = fixture;
    const connection = new ClientConnection(new ControlledDuplex(), {
      ...resolveConnectionOptions({}),
      cancelNotice: true,
      ping: undefined,
    });
    fixture.add("first", false, () => calls.remove(second));
    const second = fixture.add("second");
    if (outcome === "open") calls.joinAll(connection);
    else calls.fail(new TtrpcError("refused", Code.Unavailable), () => true);
    assertEquals([log.length, calls.isEmpty], [1, true], outcome);
    await connection.close();
  }
});
