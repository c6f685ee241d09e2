import { create, toBinary } from "@bufbuild/protobuf";
import { assertEquals, assertMatch } from "@std/assert";
import { ItemSchema } from "../../gen/interop/v1/interop_pb.ts";
import { serve } from "../../mod.ts";
import { FrameFlag } from "../../src/frame/mod.ts";
import { dataFrame, EMPTY, endFrame, responseFrame } from "../call_frames.ts";
import { go } from "./go_peers.ts";
import { addServices, HandlerCounts } from "./interop_service.ts";
import { failed, passed } from "./peer_programs.ts";
import { rust } from "./rust_peers.ts";
import { ScriptedServer } from "./scripted_server.ts";
import { temporarySocket } from "./temporary_socket.ts";

/** What FromEmpty sends. */
const ITEMS = ["one", "two", "three"].map((text, i) =>
  dataFrame(1, toBinary(ItemSchema, create(ItemSchema, { seq: BigInt(i + 1), text })))
);

/** Ends of a stream of replies, and what a client makes of them that expects three items. */
const ENDS = {
  "a Response with success": {
    frames: [responseFrame(1, EMPTY)],
    Go: "expected number of items 3, got 4",
    Rust: "expected an end without error after 3 items, got ttrpc err: remote stream closed, 4 items seen",
  },
  "Data with ND": {
    frames: [dataFrame(1, EMPTY, FrameFlag.NoData), endFrame(1)],
    Go: "expected number of items 3, got 4",
    Rust: "expected number of items 3, got 4",
  },
};

for (const [language, programs] of [["Go", go], ["Rust", rust]] as const) {
  for (const [what, { frames, [language]: why }] of Object.entries(ENDS)) {
    programs.test(`[P6] ${language} client makes a message of ${what}`, async () => {
      await using server = await ScriptedServer.start(...ITEMS, ...frames);
      const verdicts = await programs.runClient(server.address, "from-empty");
      assertEquals(verdicts, [failed("from-empty", why)]);
    });
  }
}

rust.test("[P20, S1] serve() refuses what Rust's client sends out of order", async () => {
  await using socket = await temporarySocket();
  await using _server = await serve({
    address: socket.path,
    routes: (router) => addServices(router, new HandlerCounts()),
  });
  const scenario = "concurrent-1000";
  const [verdict = ""] = await rust.runClient(socket.path, scenario);
  console.log(`A thousand calls of Rust's client: ${verdict}`);
  if (verdict === passed(scenario)) return;
  const { why }: { why: string } = JSON.parse(verdict);
  const refusal = 'got code 3 "StreamID cannot be re-used and must increment"';
  assertMatch(why, new RegExp(`^\\d+ of 1000 calls: expected a reply to Echo, ${refusal}$`));
});
