import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { HandlerContext } from "../../src/server/handler_context.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import {
  dataFrame,
  endFrame,
  number,
  OPEN,
  readStatus,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, serveGreeter } from "./serve_greeter.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const SHUTTING_DOWN = "Server is shutting down";
const never = new Promise<never>(() => {});

Deno.test("serveConnection() refuses limits and routes that are none", () => {
  const { duplex } = new ScriptedPeer();
  assertThrows(() => serveConnection(duplex, { routes: () => {}, readMaxBytes: -1 }), RangeError);
  const routes = {} as unknown as () => void;
  assertThrows(() => serveConnection(duplex, { routes }), TypeError, "Cannot serve: routes is neither");
});

Deno.test("[Z2] ServedConnection aborts what a client leaves behind, and still sends its replies", async () => {
  const wait = Promise.withResolvers<void>();
  const contexts: HandlerContext[] = [];
  const { peer, served, errors } = serveGreeter({
    async hello(_request, context) {
      contexts.push(context);
      await wait.promise;
      return { text: "whole" };
    },
    async *count() {
      await wait.promise;
      yield { i: 7 };
    },
    async helloAll(requests) {
      await assertRejects(() => Array.fromAsync(requests), TtrpcError, "Connection closed by the client");
      return { text: "part" };
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, 0), requestFrame(5, helloAll, OPEN));
  peer.send(requestFrame(7, chat, OPEN), dataFrame(7, words("Ada")), dataFrame(7, words("Eve")), endFrame(7));
  await peer.closeWrite();
  const answers = await peer.take(4);
  assertEquals(answers.filter(({ streamId }) => streamId === 5), [responseFrame(5, words("part"))]);
  assertEquals(answers.filter(({ streamId }) => streamId === 7), [
    dataFrame(7, words("Ada")),
    dataFrame(7, words("Eve")),
    endFrame(7),
  ]);
  assertEquals(contexts.map(({ signal }) => signal.reason.code), [Code.Unavailable]);
  assertEquals(served.stats().openCalls, 2);
  wait.resolve();
  const [item, ...rest] = (await peer.take(3)).toSorted((a, b) => b.streamId - a.streamId);
  assertEquals(item, dataFrame(3, number(7)));
  assertEquals(rest, [endFrame(3), responseFrame(1, words("whole"))]);
  await Promise.all([peer.ended, served.closed]);
  assertEquals(errors, []);
});

Deno.test("[Z2] ServedConnection closes when a client leaves that waits for nothing", async () => {
  const { peer, served, errors } = serveGreeter();
  peer.send(requestFrame(1, hello, 0, { payload: words("Ada") }));
  assertEquals(await peer.next(), responseFrame(1, words("Ada")));
  await Promise.all([peer.closeWrite(), peer.ended, served.closed]);
  assertEquals(errors, []);
});

Deno.test("[Z1] ServedConnection tells onError once of a connection that was lost", async () => {
  const cause = new Error("Connection reset by peer");
  const signals: AbortSignal[] = [];
  const errors: unknown[] = [];
  const { peer, served } = serveGreeter({}, {
    routes: (router) =>
      router.rpc(hello, (_request, { signal }) => {
        signals.push(signal);
        return never;
      }),
    onError: (error) => errors.push(error),
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, hello, 0));
  await assertQuiet(peer);
  await peer.breakOff(cause);
  await served.closed;
  await settled();
  assertEquals(errors.length, 1);
  const [error] = errors;
  assertEquals(error instanceof TtrpcError && [error.code, error.cause], [Code.Unavailable, cause]);
  assertEquals(signals.map(({ reason }) => reason), [error, error]);
  assertEquals(served.stats().openCalls, 0);
});

Deno.test("ServedConnection goes on when onError throws or rejects, and prints that", async () => {
  for (const fail of [(error: Error) => Promise.reject(error), thrower]) {
    const mistake = new RangeError("not my day");
    const { peer } = serveGreeter({}, { onError: () => fail(mistake) });
    const printed = await printedErrors(async () => {
      peer.send(
        requestFrame(1, hello, 0, { method: "Nothing" }),
        requestFrame(3, hello, 0, { payload: words("Ada") }),
      );
      assertEquals(await peer.next(), statusFrame(1, Code.Unimplemented, "method Nothing"));
      assertEquals(await peer.next(), responseFrame(3, words("Ada")));
      await settled();
    });
    assertEquals(printed, [[mistake]]);
  }
});

Deno.test("ServedConnection without onError prints a line for a TtrpcError, all of anything else", async () => {
  const mistake = new RangeError("not my day");
  const { peer } = serveGreeter({
    hello() {
      throw mistake;
    },
  }, { onError: undefined });
  const printed = await printedErrors(async () => {
    peer.send(
      requestFrame(1, hello, 0, { method: "Nothing" }),
      requestFrame(3, hello, 0, { payload: words("Ada") }),
    );
    await peer.take(2);
    await settled();
  });
  assertEquals(printed, [
    ["memory:", "[unimplemented] method Nothing"],
    ["memory greeter.v1.Greeter/Hello:", mistake],
  ]);
});

/** What `console.error` is given meanwhile. */
async function printedErrors(run: () => Promise<void>): Promise<unknown[][]> {
  const { error } = console;
  const printed: unknown[][] = [];
  console.error = (...data) => printed.push(data);
  try {
    await run();
  } finally {
    console.error = error;
  }
  return printed;
}

function thrower(error: Error): never {
  throw error;
}

Deno.test("[Z3] ServedConnection.shutdown() refuses new calls, lets open ones end, then closes", async () => {
  const { peer, served } = serveGreeter();
  peer.send(requestFrame(1, chat, OPEN));
  await assertQuiet(peer);
  const closed = served.shutdown();
  assertStrictEquals(served.shutdown({ graceMs: Infinity }), closed);
  peer.send(requestFrame(3, hello, 0), dataFrame(1, words("Ada")));
  assertEquals(await peer.take(2), [
    statusFrame(3, Code.Unavailable, SHUTTING_DOWN),
    dataFrame(1, words("Ada")),
  ]);
  peer.send(endFrame(1));
  assertEquals(await peer.next(), endFrame(1));
  await Promise.all([peer.ended, closed]);
});

Deno.test("[Z3] ServedConnection.shutdown() fails what is left after its grace time", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const signals: AbortSignal[] = [];
  const { peer, served } = serveGreeter({
    hello: (_request, { signal }) => {
      signals.push(signal);
      return never;
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, helloAll, OPEN));
  await assertQuiet(peer);
  const closed = served.shutdown({ graceMs: 500 });
  clock.advance(499);
  await assertQuiet(peer);
  clock.advance(1);
  assertEquals(await peer.take(2), [
    statusFrame(1, Code.Unavailable, SHUTTING_DOWN),
    statusFrame(3, Code.Unavailable, SHUTTING_DOWN),
  ]);
  await Promise.all([peer.ended, closed]);
  assertEquals(signals.map(({ reason }) => reason.code), [Code.Unavailable]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("ServedConnection.shutdown() refuses a grace time that is none before anything happens", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { peer, served } = serveGreeter();
  for (const graceMs of [NaN, -1, -Infinity]) {
    assertThrows(() => served.shutdown({ graceMs }), RangeError, `Cannot use ${graceMs} as graceMs`);
  }
  assertEquals(clock.pendingTimers, 0);
  peer.send(requestFrame(1, hello, 0, { payload: words("Ada") }));
  assertEquals(await peer.next(), responseFrame(1, words("Ada")));
});

Deno.test("ServedConnection shuts an idle connection down when it is disposed of", async () => {
  const { peer, served } = serveGreeter();
  {
    await using _ = served;
  }
  await Promise.all([peer.ended, served.closed]);
});

Deno.test("[Z3, Z4] ServedConnection delivers the reply of a handler that shuts it down", async () => {
  const { peer, served } = serveGreeter({
    hello: () => {
      served.shutdown();
      return { text: "bye" };
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, hello, 0));
  const answers = (await peer.take(2)).toSorted((a, b) => a.streamId - b.streamId);
  assertEquals(answers[0], responseFrame(1, words("bye")));
  assertEquals(answers[1] && readStatus(answers[1]).code, Code.Unavailable);
  await Promise.all([peer.ended, served.closed]);
});

Deno.test("ServedConnection can be shut down by a handler whose signal aborts", async () => {
  const { peer, served } = serveGreeter({
    hello: (_request, { signal }) => {
      signal.addEventListener("abort", () => served.shutdown());
      return never;
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, hello, 0));
  peer.send(statusFrame(1, Code.Canceled), statusFrame(3, Code.Canceled));
  await Promise.all([peer.ended, served.closed]);
});

Deno.test("ServedConnection that shuts down waits for its end when it is disposed of", async () => {
  const wait = Promise.withResolvers<void>();
  const { peer, served } = serveGreeter({
    async hello() {
      await wait.promise;
      return { text: "whole" };
    },
  });
  peer.send(requestFrame(1, hello, 0));
  await assertQuiet(peer);
  const closed = served.shutdown();
  assertStrictEquals(served[Symbol.asyncDispose](), closed);
  wait.resolve();
  assertEquals(await peer.next(), responseFrame(1, words("whole")));
  await closed;
});
