import { assertEquals } from "@std/assert";
import { serve, TtrpcError } from "../../mod.ts";
import { go } from "./go_peers.ts";
import { addServices, HandlerCounts } from "./interop_service.ts";
import { failed, passed, type PeerPrograms } from "./peer_programs.ts";
import { ONE_THREAD, rust } from "./rust_peers.ts";
import { temporarySocket } from "./temporary_socket.ts";

/** How a scenario goes. */
interface Outcome {
  /** The rules that it holds. */
  rules?: string;
  /** What the client says went wrong. */
  fails?: string;
  /** What the server's `onError` is told. */
  told?: string;
  /** Whether the client sends something after the answer. */
  isLate?: boolean;
}

interface Scenario extends Outcome {
  /** The only client that has it. */
  only?: PeerPrograms;
  /** What is otherwise with Rust's client. */
  rust?: Outcome;
  /** Whether Rust's client has to stay on one thread (PROTOCOL.md P20). */
  isConcurrent?: boolean;
}

/** The scenarios of the clients in their order. */
const SCENARIOS: Record<string, Scenario> = {
  "echo": { rules: "[R1] " },
  "echo-empty": { rules: "[E3] " },
  "empty": { rules: "[E3] " },
  "plain": {
    rules: "[E5] ",
    rust: {
      rules: "[P19] ",
      fails: 'expected a reply to Repeat, got code 12 "service .Plain"',
      told: "TtrpcError: [unimplemented] service .Plain",
    },
  },
  "several-services": { only: go },
  "metadata": { rules: "[C5] " },

  "deadline-ok": { rules: "[D1] " },
  "deadline-exceeded": { rules: "[D2] " },
  "deadline-server": { rules: "[D2] ", only: go },
  "cancel": {},

  "fail-codes": { rules: "[S11] " },
  "fail-unknown-code": {
    rules: "[S11] ",
    rust: { rules: "[P21] ", fails: "Fail with code 4711: expected code 4711, got success" },
  },
  "fail-details": { rules: "[S11] " },
  "fail-plain": { rules: "[S11] ", told: "Error: just an error" },
  "unknown-service": { rules: "[S9] ", told: "TtrpcError: [unimplemented] service interop.v1.Nobody" },
  "unknown-method": { rules: "[S9] ", told: "TtrpcError: [unimplemented] method Nothing" },

  "count": { rules: "[R2, P6] " },
  "count-metadata": { rules: "[C4] ", only: rust },
  "count-fail": { rules: "[R3] " },
  "count-empty-item": { rules: "[R2] " },
  "from-empty": { rules: "[S7] " },
  "slow-reader": {
    rules: "[P22] ",
    only: go,
    fails: "expected the stream to end well, got after 64 items: ttrpc: stream buffer full",
  },

  "sum": { rules: "[R1] " },
  "sum-empty": { rules: "[S6, P5] ", rust: { rules: "[S6] " } },
  "sum-empty-items": { rules: "[S8] " },
  "sum-fail": { rules: "[R3] ", rust: { isLate: true } },
  "sum-early": { rules: "[R1] ", only: go },

  "chat": { rules: "[R2, P5, P6] ", rust: { rules: "[R2, P6] " } },
  "chat-batch": { rules: "[R2] " },
  "chat-empty-items": { rules: "[S8] " },
  "chat-early-end": { rules: "[R2] " },
  "chat-fail": { rules: "[R3] " },

  "request-4mib": { rules: "[F2] " },
  "reply-4mib": { rules: "[F2] " },
  "request-oversize": { rules: "[L1] " },
  "reply-oversize": { rules: "[L3] " },

  "concurrent-1000": { isConcurrent: true },
  "mixed-concurrent": { isConcurrent: true },
  "half-close": { rules: "[Z2] ", only: go },
};

for (const [language, programs] of [["Go", go], ["Rust", rust]] as const) {
  const own = Object.entries(SCENARIOS).filter(([, { only = programs }]) => only === programs);

  programs.test(`${language} client lists the scenarios that are tested`, async () => {
    assertEquals(await programs.runClient("list"), own.map(([scenario]) => scenario));
  });

  for (const [scenario, { rust: ofRust, isConcurrent, ...ofBoth }] of own) {
    const isRust = programs === rust;
    const { rules = "", fails, told, isLate }: Outcome = isRust ? { ...ofBoth, ...ofRust } : ofBoth;
    const flags = isRust && isConcurrent ? [ONE_THREAD] : [];

    programs.test(`${rules}serve() serves scenario ${scenario} of ${language}'s client`, async () => {
      await using socket = await temporarySocket();
      const counts = new HandlerCounts();
      const errors: string[] = [];
      await using server = await serve({
        address: socket.path,
        routes: (router) => addServices(router, counts),
        onError: (error) => {
          // A client whose deadline has passed may have left before the answer says so.
          const isTooLate = error instanceof TtrpcError && error.cause instanceof Deno.errors.BrokenPipe;
          if (!isTooLate) errors.push(String(error));
        },
      });
      const verdict = fails === undefined ? passed(scenario) : failed(scenario, fails);
      assertEquals(await programs.runClient(...flags, socket.path, scenario), [verdict]);
      await server.shutdown();
      await counts.idle;
      const { openCalls, lateFrames } = server.stats();
      assertEquals(openCalls, 0);
      if (!isLate) assertEquals(lateFrames, 0);
      assertEquals(errors, told === undefined ? [] : [told]);
    });
  }
}
