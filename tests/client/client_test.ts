import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isMessage } from "@bufbuild/protobuf";
import { CountReplySchema, HelloReplySchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { dataFrame, endFrame, number, responseFrame, words } from "../call_frames.ts";
import { openDialogue } from "./dialogue.ts";

Deno.test("createClient() makes a function for each method, by its name in TypeScript", () => {
  assertEquals(Object.keys(openDialogue().greeter), ["hello", "count", "helloAll", "chat"]);
});

Deno.test("createClient() gives one reply as a promise, a stream of them as an iterable of messages", async () => {
  const { greeter, peer } = openDialogue();
  const hello = greeter.hello({ name: "Ada" });
  await peer.next();
  const all = greeter.helloAll([{ name: "Ada" }]);
  await peer.take(3);
  const count = Array.fromAsync(greeter.count({ n: 1 }));
  await peer.next();
  const chat = Array.fromAsync(greeter.chat([{ name: "Ada" }]));
  await peer.take(3);
  peer.send(responseFrame(1, words("a")), responseFrame(3, words("b")));
  peer.send(dataFrame(5, number(7)), endFrame(5), dataFrame(7, words("c")), endFrame(7));
  const replies = [await hello, await all, ...await chat];
  assertEquals(replies.map(({ text }) => text), ["a", "b", "c"]);
  assertEquals(replies.every((reply) => isMessage(reply, HelloReplySchema)), true);
  const items = await count;
  assertEquals(items.map((item) => isMessage(item, CountReplySchema) && item.i), [7]);
});

Deno.test("[D4] createClient() refuses NaN: as a rejection where a promise is due, else at once", async () => {
  const { greeter } = openDialogue();
  const options = { timeoutMs: NaN };
  for (const call of [() => greeter.hello({}, options), () => greeter.helloAll([], options)]) {
    await assertRejects(call, RangeError, "Cannot use NaN as timeoutMs");
  }
  for (const call of [() => greeter.count({}, options), () => greeter.chat([], options)]) {
    assertThrows(call, RangeError, "Cannot use NaN as timeoutMs");
  }
});
