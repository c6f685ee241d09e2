import { assertEquals, assertGreater } from "@std/assert";
import { createInteropClient, registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import { createPlainClient, registerPlain } from "../../gen/interop/v1/plain_ttrpc.ts";
import { Code, createTransport, serve } from "../../mod.ts";
import { endless, type Peers, testAgainst, untilActive } from "./against_peer.ts";
import { assertFails } from "./assert_fails.ts";
import { go } from "./go_peers.ts";
import { passed } from "./peer_programs.ts";
import { GO, type PeerServer, RUST_ON_ONE_THREAD } from "./peer_servers.ts";
import { ONE_THREAD, rust } from "./rust_peers.ts";
import { temporarySocket } from "./temporary_socket.ts";

/** A test with a server whose only implementation is a client of a peer's server. */
function testProxy(
  name: string,
  run: (address: string, upstream: Peers) => Promise<void>,
  peer: PeerServer = GO,
): void {
  testAgainst(peer, name, async (upstream) => {
    await using socket = await temporarySocket();
    await using _server = await serve({
      address: socket.path,
      routes: (router) => {
        registerInterop(router, upstream.interop);
        registerPlain(router, createPlainClient(upstream.transport));
      },
    });
    await run(socket.path, upstream);
  });
}

/**
 * What a proxy passes on, and the scenarios of Go's client that show it. Two can't pass: `reply-oversize`, at
 * which the Go server closes the connection, and `half-close`, which cancels what the proxy has asked for.
 */
const SCENARIOS = {
  "messages": ["echo", "echo-empty", "empty", "plain", "several-services"],
  "metadata": ["metadata"],
  "deadlines": ["deadline-ok", "deadline-exceeded", "deadline-server"],
  "errors": ["fail-codes", "fail-unknown-code", "fail-details", "fail-plain"],
  "what is not there": ["unknown-service", "unknown-method"],
  "replies of streams": ["count", "count-fail", "count-empty-item", "from-empty"],
  "uploads": ["sum", "sum-empty", "sum-empty-items", "sum-fail", "sum-early"],
  "chats": ["chat", "chat-batch", "chat-empty-items", "chat-early-end", "chat-fail"],
  "bodies of 4 MiB": ["request-4mib", "reply-4mib", "request-oversize"],
  "calls side by side": ["concurrent-1000", "mixed-concurrent", "cancel"],
};

for (const [what, scenarios] of Object.entries(SCENARIOS)) {
  testProxy(`Client as an implementation passes on ${what} between Go peers`, async (address, upstream) => {
    assertEquals(await go.runClient(address, ...scenarios), scenarios.map(passed));
    assertEquals(upstream.transport.stats().openCalls, 0);
  });
}

/**
 * The same for Rust's client, without what Rust's server says in its own way, and without `sum-fail`, whose
 * failure it may hide behind a refusal (PROTOCOL.md P17).
 */
const RUST_SCENARIOS = {
  "messages": ["echo", "echo-empty", "empty"],
  "metadata": ["metadata", "count-metadata"],
  "deadlines": ["deadline-ok"],
  "errors": ["fail-codes", "fail-details"],
  "replies of streams": ["count", "count-fail", "count-empty-item", "from-empty"],
  "uploads": ["sum", "sum-empty", "sum-empty-items"],
  "chats": ["chat", "chat-batch", "chat-empty-items", "chat-early-end", "chat-fail"],
  "bodies of 4 MiB": ["request-4mib"],
  "calls side by side": ["concurrent-1000", "mixed-concurrent", "cancel"],
};

for (const [what, scenarios] of Object.entries(RUST_SCENARIOS)) {
  testProxy(
    `Client as an implementation passes on ${what} between Rust peers`,
    async (address, upstream) => {
      assertEquals(await rust.runClient(ONE_THREAD, address, ...scenarios), scenarios.map(passed));
      assertEquals(upstream.transport.stats().openCalls, 0);
    },
    RUST_ON_ONE_THREAD,
  );
}

testProxy("[C4] Client as an implementation passes on metadata and deadline of streams", async (address) => {
  await using transport = createTransport({ address });
  const interop = createInteropClient(transport);
  const options = { metadata: { tag: ["b", "a"] }, timeoutMs: 60_000 };
  const seen = [
    ...await Array.fromAsync(interop.count({ n: 1, report: true }, options)),
    ...await Array.fromAsync(interop.chat([{ report: true }], options)),
  ];
  assertEquals(seen.length, 2);
  for (const { metadata, timeoutNano } of seen) {
    assertEquals(metadata.map(({ key, value }) => `${key}:${value}`), ["tag:b", "tag:a"]);
    assertGreater(timeoutNano, 30_000_000_000n);
  }
});

testProxy(
  "[X2] Client as an implementation gives up what its own client gives up",
  async (address, upstream) => {
    await using transport = createTransport({ address });
    const interop = createInteropClient(transport);
    const abort = new AbortController();
    const calls = [
      interop.echo({ delayMs: 60_000 }, { signal: abort.signal }),
      Array.fromAsync(interop.count({ n: 1, delayMs: 60_000 }, { signal: abort.signal })),
    ].map((call) => assertFails(call, Code.Canceled, "The call was canceled"));
    await untilActive(interop, 2n);
    assertEquals(upstream.transport.stats().openCalls, 2);
    abort.abort();
    await Promise.all(calls);
    await interop.empty({});
    assertEquals(upstream.transport.stats().openCalls, 0);
  },
);

for (const [how, cancelNotice] of [["was given up", true], ["broke off", false]] as const) {
  testProxy(
    `[X3] Client as an implementation never ends an upload that ${how}`,
    async (address, upstream) => {
      const transport = createTransport({ address, cancelNotice });
      const upload = createInteropClient(transport).sum(endless({ value: 1n }));
      const failed = assertFails(upload, Code.Canceled, "The transport is closed");
      await untilActive(upstream.interop, 1n);
      await transport.close();
      await failed;
      while (upstream.transport.stats().openCalls > 0) await upstream.interop.empty({});
      await upstream.transport.close();
      await using direct = createTransport({ address: upstream.server.address });
      const { cancelled } = await untilActive(createInteropClient(direct), 0n);
      assertEquals(cancelled, 1n);
    },
  );
}
