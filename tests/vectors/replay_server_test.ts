import { assertEquals } from "@std/assert";
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { DueReplies } from "./due_replies.ts";
import { guard } from "./guard.ts";
import { readSessions } from "./recorded_session.ts";
import { type Difference, differencesOf, readScript, rulesOf, type Script } from "./script.ts";
import { SERVER_DIFFERENCES } from "./server_differences.ts";
import { socketPair } from "./socket_pair.ts";
import { SCENARIOS } from "./vector_files.ts";

/** Handlers for scenarios that need others. */
const ROUTES: Record<string, typeof addServices> = {
  // Its Echo must be aborted; the usual one sits out that the client's half ends.
  "disconnect": (router, counts) =>
    registerInterop(router, {
      echo: (_, context) =>
        counts.one(context, () => {
          const { signal } = context;
          return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        }),
    }),
};

const used = new Set<Difference>();

for (const scenario of SCENARIOS) {
  for (const session of await readSessions(scenario)) {
    const { client, server } = session;
    const differences = differencesOf(SERVER_DIFFERENCES, scenario, session);
    differences.forEach((difference) => used.add(difference));
    const rules = rulesOf(differences);
    Deno.test(
      `${rules}serveConnection() answers ${scenario} of ${client}'s client as ${server}'s server`,
      async () => {
        await replay(await readScript(session, differences), ROUTES[scenario] ?? addServices);
      },
    );
  }
}

Deno.test("serveConnection() makes every difference that is listed", () => {
  assertEquals(SERVER_DIFFERENCES.filter((difference) => !used.has(difference)), []);
});

/** Says what the client has said, each frame once all was heard that had come before it. */
async function replay({ frames, atClose }: Script, routes: typeof addServices): Promise<void> {
  using peer = new ScriptedPeer(await socketPair());
  using _guard = guard(peer);
  const counts = new HandlerCounts();
  const served = serveConnection(peer.duplex, {
    routes: (router) => routes(router, counts),
    onError: () => {
      // What a server tells of broken calls is not what this is about.
    },
  });
  const due = new DueReplies(frames);
  for (const frame of frames) {
    if (frame.dir === "c2s") peer.send(frame);
    else while (due.has(frame)) due.take(await peer.next());
  }
  await peer.closeWrite();
  due.add(atClose);
  for (const frame of await peer.rest()) due.take(frame);
  due.assertNone();
  await served.closed;
  await counts.idle;
}
