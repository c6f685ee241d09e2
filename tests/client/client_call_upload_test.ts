import { assertEquals, assertStrictEquals, assertStringIncludes } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { dataFrame, EMPTY, OPEN, requestFrame, responseFrame, statusFrame, words } from "../call_frames.ts";
import { assertQuiet, failureOf, openDialogue } from "./dialogue.ts";

const { hello, helloAll } = Greeter.method;
const never = new Promise<never>(() => {});

Deno.test("ClientCall tells the source of an upload to return, and does not wait for it", async () => {
  const { greeter, peer } = openDialogue();
  const controller = new AbortController();
  const drawn = Promise.withResolvers<void>();
  let returns = 0;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        drawn.resolve();
        return never;
      },
      return: () => {
        returns++;
        return never;
      },
    }),
  };
  const failure = failureOf(greeter.helloAll(source, { signal: controller.signal }));
  await Promise.all([peer.next(), drawn.promise]);
  controller.abort();
  assertEquals((await failure).code, Code.Canceled);
  assertEquals(returns, 1);
});

Deno.test("ClientCall sends nothing of an upload whose source gives the call up as it begins", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const controller = new AbortController();
  const source = {
    [Symbol.iterator]: () => {
      controller.abort();
      return [{ name: "Ada" }].values();
    },
  };
  assertEquals(
    (await failureOf(greeter.helloAll(source, { signal: controller.signal }))).code,
    Code.Canceled,
  );
  assertEquals(await peer.take(2), [requestFrame(1, helloAll, OPEN), statusFrame(1, Code.Canceled)]);
  await assertQuiet(dialogue, 3);
});

Deno.test("[X3] ClientCall is given up when the source of its upload throws", async () => {
  const plain = new RangeError("no more names");
  const own = new TtrpcError("no more names", Code.DataLoss);
  for (const [thrown, code] of [[plain, Code.Canceled], [own, Code.DataLoss]] as const) {
    for (const isAsync of [false, true]) {
      const dialogue = openDialogue();
      const { greeter, peer } = dialogue;
      const names = function* () {
        yield { name: "Ada" };
        throw thrown;
      };
      const source = isAsync ? ReadableStream.from(names()) : names();
      const error = await failureOf(greeter.helloAll(source));
      if (thrown === own) assertStrictEquals(error, own);
      else assertStrictEquals(error.cause, plain);
      assertEquals([error.code, error.requestSent], [code, true]);
      assertStringIncludes(error.rawMessage, "no more names");
      assertEquals(await peer.take(3), [
        requestFrame(1, helloAll, OPEN),
        dataFrame(1, words("Ada")),
        statusFrame(1, Code.Canceled),
      ]);
      await assertQuiet(dialogue, 3);
    }
  }
});

Deno.test("[L2] ClientCall is given up when its upload comes to a message over the limit", async () => {
  const dialogue = openDialogue({ writeMaxBytes: 1024 });
  const { greeter, peer } = dialogue;
  let isReturned = false;
  function* names() {
    try {
      yield { name: "Ada" };
      yield { name: "x".repeat(1022) };
      yield { name: "Eve" };
    } finally {
      isReturned = true;
    }
  }
  const error = await failureOf(greeter.helloAll(names()));
  assertEquals([error.code, error.requestSent, isReturned], [Code.ResourceExhausted, true, true]);
  assertEquals(await peer.take(3), [
    requestFrame(1, helloAll, OPEN),
    dataFrame(1, words("Ada")),
    statusFrame(1, Code.Canceled),
  ]);
  await assertQuiet(dialogue, 3);
});

Deno.test("[C7] ClientCall stops an upload that the server ends early, with success or failure", async () => {
  for (const answer of [responseFrame(1, words("enough")), statusFrame(1, Code.Aborted, "enough")]) {
    for (const isAsync of [false, true]) {
      const dialogue = openDialogue();
      const { greeter, peer } = dialogue;
      let isReturned = false;
      const names = function* () {
        try {
          for (;;) yield { name: "x".repeat(1000) };
        } finally {
          isReturned = true;
        }
      };
      const source = isAsync ? ReadableStream.from(names()) : names();
      const outcome = greeter.helloAll(source).catch((error) => error);
      await peer.take(3);
      peer.send(answer);
      assertStringIncludes(String((await outcome).text ?? (await outcome).rawMessage), "enough");
      const reply = greeter.hello({});
      let frame = await peer.next();
      while (frame.type === FrameType.Data) frame = await peer.next();
      assertEquals(frame, requestFrame(3, hello, 0));
      peer.send(responseFrame(3, EMPTY));
      await reply;
      await assertQuiet(dialogue, 5);
      assertEquals(isReturned, true);
    }
  }
});

Deno.test("[X1] ClientCall sends no end of its upload after the notice, however close they come", async () => {
  for (let turns = 0; turns < 6; turns++) {
    const { greeter, peer } = openDialogue();
    const controller = new AbortController();
    const abortLater = (turns: number) => {
      if (turns === 0) controller.abort();
      else queueMicrotask(() => abortLater(turns - 1));
    };
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          abortLater(turns);
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
    await failureOf(greeter.helloAll(source, { signal: controller.signal }));
    const reply = greeter.hello({});
    const frames = [await peer.next()];
    for (let frame = await peer.next(); frame.streamId === 1; frame = await peer.next()) frames.push(frame);
    assertEquals(frames.at(-1), statusFrame(1, Code.Canceled), `${turns} turns`);
    peer.send(responseFrame(3, EMPTY));
    await reply;
  }
});
