import { create, type DescMethodUnary, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, AnySchema } from "@bufbuild/protobuf/wkt";
import { assert, assertEquals } from "@std/assert";
import { equals } from "@std/bytes";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import {
  EchoResponseSchema,
  Interop,
  type Item,
  ItemSchema,
  PairSchema,
} from "../../gen/interop/v1/interop_pb.ts";
import { createPlainClient } from "../../gen/interop/v1/plain_ttrpc.ts";
import { Code, isUnimplemented } from "../../mod.ts";
import { endless, testAgainst, testAgainstEach } from "./against_peer.ts";
import { assertFails } from "./assert_fails.ts";
import { pattern } from "./interop_service.ts";
import { EACH, GO, IN_ORDER } from "./peer_servers.ts";
import { assertStats } from "../assert_stats.ts";

const TEXT = "hello, żółw 🐢\0\n";

/** What Count sends: items with seq 0 to n-1. */
function numbered(n: number, payloadSize: number): Item[] {
  return Array.from(
    { length: n },
    (_, seq) => item({ seq: BigInt(seq), payload: pattern(seq, payloadSize) }),
  );
}

function item(fields: MessageInitShape<typeof ItemSchema>): Item {
  return create(ItemSchema, fields);
}

testAgainstEach(EACH, "[C3] Client calls a unary method of a server", async ({ interop }) => {
  const payload = pattern(0, 1000);
  const reply = await interop.echo({ payload, text: TEXT });
  assertEquals(reply, create(EchoResponseSchema, { payload, text: TEXT }));
  assertEquals(await interop.echo({}), create(EchoResponseSchema));
});

testAgainstEach(EACH, "[C3, A1] Client reads a stream of a server", async ({ interop }) => {
  assertEquals(await Array.fromAsync(interop.count({ n: 100, payloadSize: 1000 })), numbered(100, 1000));
  assertEquals(await Array.fromAsync(interop.count({})), []);
});

testAgainstEach(IN_ORDER, "[C3] Client uploads to a server", async ({ interop }) => {
  const numbers = Array.from({ length: 1000 }, (_, i) => ({ value: BigInt(i - 1), payload: pattern(i, 10) }));
  const { sum, count, bytes } = await interop.sum(numbers);
  assertEquals({ sum, count, bytes }, { sum: 498_500n, count: 1000n, bytes: 10_000n });
  assertEquals((await interop.sum([])).count, 0n);
});

testAgainstEach(
  EACH,
  "[C3] Client sends each message of a chat after the answer to the last",
  async ({ interop }) => {
    const { readable, writable } = new TransformStream<Item, Item>();
    const writer = writable.getWriter();
    const replies = interop.chat(readable)[Symbol.asyncIterator]();
    for (const sent of numbered(50, 20)) {
      const [, { value }] = await Promise.all([writer.write(sent), replies.next()]);
      assertEquals(value, sent);
    }
    const [, { done }] = await Promise.all([writer.close(), replies.next()]);
    assertEquals(done, true);
  },
);

testAgainstEach(
  IN_ORDER,
  "[C3] Client reads what a server sends after the client's last message",
  async ({ interop }) => {
    const items = numbered(60, 20).map((item) => ({ ...item, hold: item.seq < 50n }));
    const replies = await Array.fromAsync(interop.chat(items));
    assertEquals(replies, [...items.slice(50), ...items.slice(0, 50)]);
  },
);

testAgainstEach(
  IN_ORDER,
  "[A1, A6] Client's call ends with the server's answer, not with the upload",
  async ({ interop }) => {
    assertEquals(await Array.fromAsync(interop.chat(endless({ end: true }))), [item({ end: true })]);
    assertEquals((await interop.sum(endless({ value: 7n }, { end: true }))).sum, 7n);
    const chat = interop.chat(endless({ failCode: Code.Aborted, text: "enough" }));
    await assertFails(Array.fromAsync(chat), Code.Aborted, "enough");
    const sum = interop.sum(endless({ failCode: Code.Aborted, failMessage: "enough" }));
    await assertFails(sum, Code.Aborted, "enough");
  },
);

testAgainstEach(EACH, "[A6] Client delivers what a server sent before it failed", async ({ interop }) => {
  const seen: Item[] = [];
  const read = async () => {
    const failing = { n: 9, failCode: Code.DataLoss, failMessage: "lost the rest", failAfter: 3 };
    for await (const item of interop.count(failing)) seen.push(item);
  };
  await assertFails(read(), Code.DataLoss, "lost the rest");
  assertEquals(seen, numbered(3, 0));
});

testAgainstEach(
  IN_ORDER,
  "[C6, E3] Client sends empty messages to a server, and gets them",
  async ({ interop }) => {
    assertEquals((await interop.empty({})).$typeName, "google.protobuf.Empty");
    assertEquals(await Array.fromAsync(interop.count({ n: 1 })), [item({})]);
    const items = [item({}), item({ seq: 1n }), item({}), item({})];
    assertEquals(await Array.fromAsync(interop.chat(items)), items);
    assertEquals((await interop.sum([{}, { value: 7n }, {}, {}])).count, 4n);
    assertEquals((await interop.sum([{}])).count, 1n);
  },
);

testAgainstEach(EACH, "Client sends a server messages of 1 MiB, and gets them", async ({ interop }) => {
  const payload = pattern(3, 1 << 20);
  assert(equals((await interop.echo({ payload })).payload, payload));
  for await (const item of interop.count({ n: 4, payloadSize: 1 << 20 })) {
    assert(equals(item.payload, pattern(Number(item.seq), 1 << 20)));
  }
  for await (const item of interop.chat(endless({ payload, end: true }))) {
    assert(equals(item.payload, payload));
  }
});

testAgainstEach(IN_ORDER, "Client uploads messages of 1 MiB to a server", async ({ interop }) => {
  const payload = pattern(3, 1 << 20);
  const { bytes } = await interop.sum([{ payload }, { payload }, { payload }]);
  assertEquals(bytes, 3n << 20n);
});

testAgainstEach(EACH, "[C3] Client asks a server for a stream with an empty message", async ({ interop }) => {
  const texts = await Array.fromAsync(interop.fromEmpty({}), ({ seq, text }) => `${seq} ${text}`);
  assertEquals(texts, ["1 one", "2 two", "3 three"]);
});

testAgainst(GO, "[E5] Client calls two services of a server on one connection", async (peers) => {
  const { transport, interop } = peers;
  const plain = createPlainClient(transport);
  const texts = Array.from({ length: 20 }, (_, i) => `call ${i}`);
  const replies = texts.map((text, i) => i % 2 === 0 ? plain.repeat({ text }) : interop.echo({ text }));
  assertEquals((await Promise.all<{ text: string }>(replies)).map(({ text }) => text), texts);
});

testAgainstEach(EACH, "[C4, C5, D1] Client tells a server metadata and timeout", async ({ interop }) => {
  const options = {
    metadata: [["X-Multi", "second"], ["One", "1"], ["x-multi", "first"], ["blank", ""]] as const,
    timeoutMs: 60_000,
  };
  const seen = [
    await interop.echo({}, options),
    ...await Array.fromAsync(interop.count({ n: 1, report: true }, options)),
    ...await Array.fromAsync(interop.chat(endless({ report: true, end: true }), options)),
  ];
  assertEquals(seen.length, 3);
  const pairs = ["blank:", "one:1", "x-multi:second", "x-multi:first"];
  for (const { metadata, timeoutNano } of seen) {
    assertEquals(metadata.map(({ key, value }) => `${key}:${value}`), pairs);
    assert(timeoutNano > 30_000_000_000n && timeoutNano <= 60_000_000_000n, `${timeoutNano} ns`);
  }
  assertEquals((await interop.echo({})).timeoutNano, 0n);
});

testAgainstEach(
  EACH,
  "[E4, P16] Client gets codes and messages of a server as they are",
  async ({ peer, interop }) => {
    for (const code of [...Array.from({ length: 16 }, (_, i) => i + 1), 4711, -1]) {
      const message = `code ${code}: nie działa`;
      await assertFails(interop.fail({ code, message }), code, message);
      const failing = interop.count({ n: 1, failCode: code, failMessage: message });
      await assertFails(Array.fromAsync(failing), code, message);
    }
    await assertFails(interop.fail({ code: Code.NotFound }), Code.NotFound, "");
    const withoutStatus = interop.fail({ message: "just an error", withoutStatus: true });
    await assertFails(withoutStatus, ...peer.plainError("just an error"));
  },
);

testAgainstEach(EACH, "Client gets the details of a server's error byte for byte", async ({ interop }) => {
  const pair = create(PairSchema, { key: "field", value: "name" });
  const known = anyPack(PairSchema, pair);
  const unheard = create(AnySchema, {
    typeUrl: "type.example/interop.v1.Unheard",
    value: pattern(0xf0, 300),
  });
  const errors = [];
  for (const detail of [known, unheard]) {
    const failing = interop.fail({ code: Code.FailedPrecondition, message: "why", detail });
    errors.push(await assertFails(failing, Code.FailedPrecondition, "why"));
  }
  const details = errors.flatMap(({ details }) => details);
  assertEquals(details, [known, unheard].map(({ typeUrl, value }) => ({ typeUrl, value })));
  assertEquals(errors.map((error) => error.findDetails(PairSchema)), [[pair], []]);
});

testAgainstEach(
  IN_ORDER,
  "[P3] Client knows that a server does not have a service",
  async ({ peer, transport }) => {
    const greeter = createGreeterClient(transport);
    const calls = [
      greeter.hello({}),
      Array.fromAsync(greeter.count({})),
      greeter.helloAll([{}, {}]),
      Array.fromAsync(greeter.chat([{}, {}])),
    ];
    for (const error of calls.map((call) => assertFails(call, ...peer.noService("greeter.v1.Greeter")))) {
      assertEquals(isUnimplemented(await error), true);
    }
  },
);

testAgainstEach(
  EACH,
  "[P3] Client knows that a server does not have a method",
  async ({ peer, transport }) => {
    const nothing: DescMethodUnary = { ...Interop.method.empty, name: "Nothing" };
    const error = await assertFails(transport.unary(nothing, {}), ...peer.noMethod("Nothing"));
    assertEquals(isUnimplemented(error), true);
  },
);

testAgainstEach(EACH, "Client has a thousand calls open on a server", async ({ transport, interop }) => {
  const requests = Array.from({ length: 1000 }, (_, i) => ({
    payload: pattern(i, i),
    text: `call ${i}`,
    delayMs: 200 + i * 37 % 100,
  }));
  const replies = Promise.all(requests.map((request) => interop.echo(request)));
  for (const [i, { payload, text }] of (await replies).entries()) {
    assertEquals({ payload, text }, { payload: requests[i]?.payload, text: requests[i]?.text });
  }
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

testAgainstEach(IN_ORDER, "Client has calls of all kinds side by side on a server", async ({ interop }) => {
  const kinds = [
    async (i: number) => {
      const payload = pattern(i, 100 * i);
      assertEquals((await interop.echo({ payload, delayMs: i })).payload, payload);
    },
    async (i: number) => {
      const items = await Array.fromAsync(interop.count({ n: 2 * i, payloadSize: 50 * i }));
      assertEquals(items, numbered(2 * i, 50 * i));
    },
    async (i: number) => {
      const { sum } = await interop.sum(
        Array.from({ length: 3 * i }, (_, value) => ({ value: BigInt(value) })),
      );
      assertEquals(sum, BigInt(3 * i * (3 * i - 1) / 2));
    },
    async (i: number) => {
      assertEquals(await Array.fromAsync(interop.chat(numbered(i, 10 * i))), numbered(i, 10 * i));
    },
  ];
  await Promise.all(Array.from({ length: 60 }, (_, i) => kinds[i % kinds.length]?.(i)));
});
