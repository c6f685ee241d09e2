import { assertEquals } from "@std/assert";
import { serve, TtrpcError } from "../../mod.ts";
import { passed, runGoClient, temporarySocket, testWithGo } from "./go_peers.ts";
import { addServices, HandlerCounts } from "./interop_service.ts";

/** The scenarios of Go's client in its order, each with the rules that it holds. */
const SCENARIOS: Record<string, string> = {
  "echo": "[R1] ",
  "echo-empty": "[E3] ",
  "empty": "[E3] ",
  "plain": "[E5] ",
  "several-services": "",
  "metadata": "[C5] ",

  "deadline-ok": "[D1] ",
  "deadline-exceeded": "[D2] ",
  "deadline-server": "[D2] ",
  "cancel": "",

  "fail-codes": "[S11] ",
  "fail-unknown-code": "[S11] ",
  "fail-details": "[S11] ",
  "fail-plain": "[S11] ",
  "unknown-service": "[S9] ",
  "unknown-method": "[S9] ",

  "count": "[R2, P6] ",
  "count-fail": "[R3] ",
  "count-empty-item": "[R2] ",
  "from-empty": "[S7] ",

  "sum": "[R1] ",
  "sum-empty": "[S6, P5] ",
  "sum-empty-items": "[S8] ",
  "sum-fail": "[R3] ",
  "sum-early": "[R1] ",

  "chat": "[R2, P5, P6] ",
  "chat-batch": "[R2] ",
  "chat-empty-items": "[S8] ",
  "chat-early-end": "[R2] ",
  "chat-fail": "[R3] ",

  "request-4mib": "[F2] ",
  "reply-4mib": "[F2] ",
  "request-oversize": "[L1] ",
  "reply-oversize": "[L3] ",

  "concurrent-1000": "",
  "mixed-concurrent": "",
  "half-close": "[Z2] ",
};

testWithGo("Go client lists the scenarios that are tested", async () => {
  assertEquals(await runGoClient("list"), Object.keys(SCENARIOS));
});

for (const [scenario, rules] of Object.entries(SCENARIOS)) {
  testWithGo(`${rules}serve() serves scenario ${scenario} of Go's client`, async () => {
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
    assertEquals(await runGoClient(socket.path, scenario), [passed(scenario)]);
    await server.shutdown();
    await counts.idle;
    assertEquals(server.stats(), { openCalls: 0, lateFrames: 0 });
    assertEquals(errors, scenario === "fail-plain" ? ["Error: just an error"] : []);
  });
}
