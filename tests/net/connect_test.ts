import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { connect, connectLent } from "../../src/net/connect.ts";
import { listen } from "../../src/net/listen.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { TempFolder } from "./temp_folder.ts";

Deno.test("connect() and connectLent() differ in whose their chunks are", async () => {
  using folder = new TempFolder();
  using listener = await listen(folder.file("a.sock"));
  const accepted = listener[Symbol.asyncIterator]();
  for (const [open, isShared] of [[connect, false], [connectLent, true]] as const) {
    const duplex = await open(listener.address);
    assertEquals(duplex.remote?.address, listener.address);
    const peer = (await accepted.next()).value;
    const writer = peer?.writable.getWriter();
    const reader = duplex.readable.getReader();
    const buffers: (ArrayBufferLike | undefined)[] = [];
    for (let i = 0; i < 2; i++) {
      await writer?.write(new Uint8Array([i]));
      const { value } = await reader.read();
      assertEquals(value, new Uint8Array([i]));
      buffers.push(value?.buffer);
    }
    assertEquals(buffers[0] === buffers[1], isShared);
    duplex.close();
    peer?.close();
  }
});

Deno.test("connect() rejects for an address without a form, or only for listening", async () => {
  await assertRejects(() => connect("http://localhost"), TypeError, "the forms are");
  await assertRejects(() => connect("tcp://localhost:0"), TypeError, "its port must be from 1 to 65535");
});

Deno.test("connect() says that nobody listens at a TCP port, and that there is no such host", async () => {
  const listener = await listen("tcp://127.0.0.1:0");
  listener.close();
  const refused = await assertRejects(() => connect(listener.address), TtrpcError);
  assertEquals(
    refused.rawMessage,
    `Cannot connect to ${listener.address}: Connection refused; nobody listens there`,
  );
  const unknown = await assertRejects(() => connect("tcp://no-such-host.invalid:1024"), TtrpcError);
  assertEquals(unknown.rawMessage, "Cannot connect to tcp://no-such-host.invalid:1024: Host not found");
});

const UNREACHABLE: [about: string, prepare: (path: string) => void, message: string][] = [
  ["is missing", () => {}, "No such file or directory; is the server running?"],
  ["is no socket", (path) => Deno.writeTextFileSync(path, ""), "Connection refused; nobody listens there"],
  ["is dead", (path) => {
    const listener = Deno.listen({ transport: "unix", path: `${path}.bound` });
    Deno.renameSync(`${path}.bound`, path);
    listener.close();
  }, "Connection refused; nobody listens there"],
];

for (const [about, prepare, message] of UNREACHABLE) {
  Deno.test(`connect() says what is wrong with a socket that ${about}`, async () => {
    using folder = new TempFolder();
    const path = folder.file("a.sock");
    prepare(path);
    const error = await assertRejects(() => connect(path), TtrpcError);
    assertEquals(error.rawMessage, `Cannot connect to unix://${path}: ${message}`);
    assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
    assertNotEquals(error.cause, undefined);
  });
}

Deno.test("connect() says that the system forbids it", async (t) => {
  using folder = new TempFolder();
  using listener = await listen(folder.file("a.sock"));
  Deno.chmodSync(folder.file("a.sock"), 0);
  await t.step({
    name: "(left out for root, whom no mode keeps out)",
    ignore: Deno.uid() === 0,
    fn: async () => {
      const message = "Permission denied by the system; check the socket's owner and mode";
      await assertRejects(() => connect(listener.address), TtrpcError, message);
    },
  });
});
