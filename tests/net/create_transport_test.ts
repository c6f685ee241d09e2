import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { connect } from "../../src/net/connect.ts";
import { createTransport, type CreateTransportOptions } from "../../src/net/create_transport.ts";
import { listen } from "../../src/net/listen.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import { serve } from "../../src/net/serve.ts";
import { clock } from "../../src/rpc/clock.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import { responseFrame, words } from "../call_frames.ts";
import { settled } from "../settled.ts";
import { greet } from "./greet.ts";
import { runProgram } from "./run_program.ts";
import { TempFolder } from "./temp_folder.ts";

const noDuplex = () => Promise.reject(new Error("Nobody asked for a connection"));

const REFUSED: [
  options: CreateTransportOptions,
  error: typeof TypeError | typeof RangeError,
  message: string,
][] = [
  [{}, TypeError, "Cannot create a transport: give either address or connect"],
  [{ address: "/a", connect: noDuplex }, TypeError, "give either address or connect"],
  [{ address: "http://localhost" }, TypeError, 'Cannot use address "http://localhost"'],
  [{ address: "" }, TypeError, 'Cannot use address ""'],
  [{ address: "/a", writeMaxBytes: 5 }, RangeError, "Cannot use 5 as writeMaxBytes"],
  [{ connect: noDuplex, readMaxBytes: NaN }, RangeError, "Cannot use NaN as readMaxBytes"],
];

Deno.test("createTransport() refuses wrong options at once", { permissions: "none" }, () => {
  for (const [options, error, message] of REFUSED) {
    assertThrows(() => createTransport(options), error, message);
  }
});

Deno.test("createTransport() does not connect before the first call", { permissions: "none" }, async () => {
  await using _ = createTransport({ connect: noDuplex });
  await using _missing = createTransport({ address: "/missing/a.sock" });
});

Deno.test("createTransport() connects once for concurrent first calls", { permissions: "none" }, async () => {
  let connects = 0;
  const duplexes = memoryDuplex();
  serveConnection(duplexes[1], { routes: greet });
  await using transport = createTransport({
    connect: async () => {
      connects++;
      await settled();
      return duplexes[0];
    },
  });
  const greeter = createGreeterClient(transport);
  const names = ["Ada", "Grace", "Barbara"];
  const replies = await Promise.all(names.map((name) => greeter.hello({ name })));
  assertEquals(replies.map(({ text }) => text), names.map((name) => `Hello, ${name} at memory`));
  await greeter.hello({ name: "Edith" });
  assertEquals(connects, 1);
});

Deno.test("a call on a unix socket starts no timer, from connecting to closing", async () => {
  // In a process that makes one call the first timer takes as long as the call: Deno loads Node's for it.
  const { callAt } = clock;
  let timers = 0;
  clock.callAt = (...args) => {
    timers++;
    return callAt(...args);
  };
  try {
    using folder = new TempFolder();
    await using server = await serve({ address: folder.file("a.sock"), routes: greet });
    const transport = createTransport({ address: server.address });
    const greeter = createGreeterClient(transport);
    await greeter.hello({ name: "Ada" });
    await transport.close();
    assertEquals(timers, 0);
    await using other = createTransport({ address: server.address });
    await createGreeterClient(other).hello({ name: "Ada" }, { timeoutMs: 60_000 });
    assertGreater(timers, 0);
  } finally {
    clock.callAt = callAt;
  }
});

Deno.test("[Z1] createTransport() connects again after the connection was lost", async () => {
  using folder = new TempFolder();
  using listener = await listen(folder.file("a.sock"));
  const incoming = listener[Symbol.asyncIterator]();
  let noticed = Promise.withResolvers<void>();
  await using transport = createTransport({
    async connect() {
      const duplex = await connect(listener.address);
      const close = duplex.close.bind(duplex);
      // Idle, it would not keep the event loop going until the loss is noticed.
      duplex.unref = undefined;
      duplex.close = () => {
        close();
        noticed.resolve();
      };
      return duplex;
    },
  });
  const greeter = createGreeterClient(transport);
  for (const isLostDuringCall of [false, true, false]) {
    noticed = Promise.withResolvers();
    const reply = greeter.hello({ name: "Ada" });
    const { value: peer } = await incoming.next();
    assert(peer !== undefined);
    if (isLostDuringCall) {
      await peer.readable.getReader().read();
      peer.close();
      const error = await assertRejects(() => reply, TtrpcError);
      assertEquals([error.code, error.requestSent], [Code.Unavailable, true]);
    } else {
      const { closed } = serveConnection(peer, { routes: greet });
      assertEquals((await reply).text, `Hello, Ada at ${listener.address}`);
      peer.close();
      await closed;
    }
    await noticed.promise;
  }
});

Deno.test("createTransport() connects again after connecting has failed", async () => {
  using folder = new TempFolder();
  const address = `unix://${folder.file("a.sock")}`;
  await using transport = createTransport({ address });
  const greeter = createGreeterClient(transport);
  for (const call of [() => greeter.hello({}), () => Array.fromAsync(greeter.count({}))]) {
    const error = await assertRejects(call, TtrpcError);
    assertEquals(
      error.rawMessage,
      `Cannot connect to ${address}: No such file or directory; is the server running?`,
    );
    assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
  }
  await using _ = await serve({ address, routes: greet });
  const { text } = await greeter.hello({ name: "Ada" }, { waitForReady: true });
  assertEquals(text, `Hello, Ada at ${address}`);
});

Deno.test("createTransport() fails calls with the error of connect", { permissions: "none" }, async () => {
  const failures: [reason: unknown, code: Code][] = [
    [new Error("no luck"), Code.Unavailable],
    [new TtrpcError("no luck", Code.Unauthenticated), Code.Unauthenticated],
  ];
  for (const [reason, code] of failures) {
    await using transport = createTransport({ connect: () => Promise.reject(reason) });
    const error = await assertRejects(() => createGreeterClient(transport).hello({}), TtrpcError, "no luck");
    assertEquals(error.code, code);
  }
});

Deno.test("createTransport() takes connections of connect()", async () => {
  using folder = new TempFolder();
  await using server = await serve({ address: folder.file("a.sock"), routes: greet });
  await using transport = createTransport({ connect: () => connect(server.address) });
  const greeter = createGreeterClient(transport);
  assertEquals(
    await Array.fromAsync(greeter.count({ n: 1000 }), ({ i }) => i),
    Array.from(Array(1000).keys()),
  );
});

Deno.test("createTransport() lets a program end that has no open call, and no other", async () => {
  using folder = new TempFolder();
  await using server = await serve({ address: folder.file("a.sock"), routes: greet });
  const output = await runProgram({ file: "idle_client.ts", flags: ["-A"], args: [server.address] });
  assertEquals(output, `Hello, Ada at ${server.address}\nAda\nend of main\n`);
});

Deno.test("[Z4] createTransport() gets the reply of a server that closes at once, whatever is sent then", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  const listener = Deno.listen({ transport: "unix", path });
  await using transport = createTransport({ address: path });
  const greeter = createGreeterClient(transport);
  const answered = greeter.hello({});
  const conn = await listener.accept();
  await conn.read(new Uint8Array(100));
  await conn.write(encodeFrame(responseFrame(1, words("Ada"))));
  conn.close();
  // Nor is there anybody to send it again to.
  listener.close();
  const late = assertRejects(() => greeter.hello({}), TtrpcError);
  assertEquals((await answered).text, "Ada");
  assertEquals((await late).code, Code.Unavailable);
});

Deno.test("[Z1] createTransport() leaves an upload's source alone that never was on its way", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  using listener = Deno.listen({ transport: "unix", path });
  await using transport = createTransport({
    async connect() {
      const [duplex, conn] = await Promise.all([connect(path), listener.accept()]);
      conn.close();
      return duplex;
    },
  });
  let drawn = 0;
  function* requests() {
    drawn++;
    yield { name: "Ada" };
  }
  const call = createGreeterClient(transport).helloAll(requests());
  const error = await assertRejects(() => call, TtrpcError);
  assertEquals([error.code, error.requestSent, drawn], [Code.Unavailable, false, 0]);
});
