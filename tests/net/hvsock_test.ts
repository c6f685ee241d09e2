import { assert, assertEquals, assertRejects } from "@std/assert";
import { connect } from "../../src/net/connect.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { connectToGuest } from "../../src/net/hvsock.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { TempFolder } from "./temp_folder.ts";

const encoder = new TextEncoder();

/** Reads until so many bytes have come. */
async function readText(conn: Deno.Conn, length: number): Promise<string> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) at += await conn.read(bytes.subarray(at)) ?? length;
  return new TextDecoder().decode(bytes);
}

/** Plays a hypervisor: takes one connection and the request for a port, answers, and closes it if told to. */
async function hypervisor(
  listener: Deno.UnixListener,
  answer: string,
  closes: "closes" | "stays",
): Promise<Deno.Conn> {
  const conn = await listener.accept();
  assertEquals(await readText(conn, "CONNECT 1024\n".length), "CONNECT 1024\n");
  await conn.write(encoder.encode(answer));
  if (closes === "closes") conn.close();
  return conn;
}

Deno.test("connect() has a hypervisor connect to its guest, and gives all that the guest sends", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  const guest = hypervisor(listener, "OK 1073741824\n\nfirst", "stays");
  const duplex = await connect(`hvsock://${path}:1024`);
  const conn = await guest;
  assertEquals(duplex.remote?.address, `hvsock://${path}:1024`);
  const reader = duplex.readable.getReader();
  assertEquals((await reader.read()).value, encoder.encode("\nfirst"));
  await duplex.writable.getWriter().write(encoder.encode("second"));
  assertEquals(await readText(conn, 6), "second");
  duplex.close();
  conn.close();
});

const LONGEST = `OK ${"1".repeat(60)}\n`;

const REFUSALS: [answer: string, closes: "closes" | "stays", message: string][] = [
  ["", "closes", "The hypervisor closed the connection; does the guest listen at this port?"],
  ["OK 10", "closes", 'The hypervisor closed the connection after "OK 10"'],
  ["FAIL no such port\n", "stays", 'The hypervisor answered "FAIL no such port"'],
  ["\n", "stays", 'The hypervisor answered ""'],
  ["OK\n", "stays", 'The hypervisor answered "OK"'],
  ["OK 1 2\n", "stays", 'The hypervisor answered "OK 1 2"'],
  ["a".repeat(100), "stays", `The hypervisor answered with no end of line: "${"a".repeat(64)}"`],
];

Deno.test("connect() says what a hypervisor answers that does not connect", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  for (const [answer, closes, message] of REFUSALS) {
    const answered = hypervisor(listener, answer, closes);
    const error = await assertRejects(() => connect(`hvsock://${path}:1024`), TtrpcError);
    assertEquals(error.rawMessage, `Cannot connect to hvsock://${path}:1024: ${message}`);
    const conn = await answered;
    // What was not read resets the socket, which closes it all the same.
    if (closes === "stays") assertEquals(await conn.read(new Uint8Array(1)).catch(() => null), null);
    if (closes === "stays") conn.close();
  }
});

Deno.test("connect() takes an answer of 64 bytes", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  assertEquals(LONGEST.length, 64);
  const answered = hypervisor(listener, LONGEST, "stays");
  (await connect(`hvsock://${path}:1024`)).close();
  (await answered).close();
});

Deno.test("connectToGuest() gives up a hypervisor that does not answer", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  const answered = hypervisor(listener, "OK 1", "stays");
  const conn = await Deno.connect({ transport: "unix", path });
  const time = new FakeClock();
  using _ = time.install();
  const guest = connectToGuest(conn, 1024);
  const there = await answered;
  time.advance(4_999);
  assertEquals([await isPending(guest), time.pendingTimers], [true, 1]);
  time.advance(1);
  await assertRejects(() => guest, Error, "No answer from the hypervisor within 5000 ms");
  assertEquals([await there.read(new Uint8Array(1)), time.pendingTimers], [null, 0]);
  there.close();
});

Deno.test("connectToGuest() closes its socket at once when nobody waits for it already", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  const [there, conn] = await Promise.all([listener.accept(), Deno.connect({ transport: "unix", path })]);
  const guest = connectToGuest(conn, 1024, { signal: AbortSignal.abort() });
  await assertRejects(() => guest, Error, "Nobody waits for the connection any more");
  assertEquals(await there.read(new Uint8Array(1)), null);
  there.close();
});

Deno.test("connect() says that there is no hypervisor", async () => {
  using folder = new TempFolder();
  const message = `Cannot connect to hvsock://${folder.path}/vm.sock:52: No such file or directory`;
  const error = await assertRejects(() => connect(`hvsock:${folder.path}/vm.sock:52`), TtrpcError, message);
  assert(error.cause instanceof Deno.errors.NotFound);
});

Deno.test("connectToGuest() closes its socket when nobody waits for it any more", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = Deno.listen({ transport: "unix", path });
  const transport = createTransport({ address: `hvsock://${path}:1024` });
  const ready = assertRejects(() => transport.ready(), TtrpcError);
  const conn = await listener.accept();
  assertEquals(await readText(conn, "CONNECT 1024\n".length), "CONNECT 1024\n");
  await transport.close();
  await ready;
  assertEquals(await conn.read(new Uint8Array(1)), null);
  conn.close();
});
