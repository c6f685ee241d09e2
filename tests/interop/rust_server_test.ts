import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { equals } from "@std/bytes";
import { CountRequestSchema, Interop, NumberSchema } from "../../gen/interop/v1/interop_pb.ts";
import { createPlainClient } from "../../gen/interop/v1/plain_ttrpc.ts";
import { Code, isUnimplemented } from "../../mod.ts";
import { decodeResponse, encodeResponse, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import {
  BROKEN,
  dataFrame,
  EMPTY,
  endFrame,
  OPEN,
  readStatus,
  requestFrame,
  responseFrame,
} from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { testAgainst, untilActive } from "./against_peer.ts";
import { assertFails } from "./assert_fails.ts";
import { echoBytes, MAX, replyPayloadBytes, tooLong } from "./echo_bytes.ts";
import { FrameConnection } from "./frame_connection.ts";
import { pattern } from "./interop_service.ts";
import { RUST, RUST_ON_ONE_THREAD } from "./peer_servers.ts";

const { echo, empty, count, sum, chat } = Interop.method;
const INACTIVE = "Stream is no longer active";
/** What is said of Data behind the end, the other where they are close. */
const LATE_DATA = /^(Stream is no longer active|Stream id \d+: handling data error: channel closed)$/;

function numberBytes(number: MessageInitShape<typeof NumberSchema>): Uint8Array {
  return toBinary(NumberSchema, create(NumberSchema, number));
}

/** A Response with success as Rust writes it. */
function rustReply(streamId: number, payload: Uint8Array): Frame {
  const body = encodeResponse({ status: { code: 0, message: "", details: [] }, payload });
  return { ...responseFrame(streamId, EMPTY), body };
}

function codeOf({ body }: Frame): number {
  return decodeResponse(body).status?.code ?? 0;
}

testAgainst(RUST, "[P7, F2] Rust server has two bytes less for a reply than fit a body", async (peers) => {
  const { server, interop } = peers;
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, empty, 0));
  assertEquals((await connection.next())?.body, new Uint8Array([0x0a, 0]));

  const replySize = replyPayloadBytes(MAX) - 2;
  assert(equals((await interop.echo({ replySize })).payload, pattern(0, replySize)));
  await assertFails(interop.echo({ replySize: replySize + 1 }), Code.InvalidArgument, tooLong(MAX + 1));
  await interop.empty({});
});

testAgainst(RUST, "[P3] Client knows that a Rust server does not support a method", async ({ transport }) => {
  const unsupported = { ...empty, parent: { ...Interop, typeName: "interop.v1.Unsupported" } };
  const words = "/interop.v1.Interop/Empty is not supported";
  const error = await assertFails(transport.unary(unsupported, {}), Code.NotFound, words);
  assertEquals(isUnimplemented(error), true);
});

testAgainst(RUST, "[P12] Rust server loses messages of uploads without pauses", async ({ interop }) => {
  const seen = { whole: 0, short: 0, failed: 0 };
  // Most runs see it within a few uploads.
  while (seen.short + seen.failed === 0 && seen.whole < 500) {
    const upload = interop.sum(Array.from({ length: 1_000 }, () => ({ value: 1n })));
    const received = await upload.then(({ count }) => Number(count), (error) => {
      assertEquals(error.code, Code.InvalidArgument);
      assertMatch(error.rawMessage, LATE_DATA);
    });
    if (received === undefined) seen.failed++;
    else if (received === 1_000) seen.whole++;
    else seen.short++;
    assert((received ?? 0) <= 1_000);
  }
  console.log(`Of uploads without pauses Rust's server got ${JSON.stringify(seen)}`);
  assertEquals(seen.short + seen.failed, 1);
});

testAgainst(RUST, "[P12] Client's upload with pauses comes whole to a Rust server", async ({ interop }) => {
  async function* paced() {
    for (let value = 1n; value <= 5n; value++) {
      yield { value, payload: new Uint8Array(1 << 20) };
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }
  const { sum, count, bytes } = await interop.sum(paced());
  assertEquals({ sum, count, bytes }, { sum: 15n, count: 5n, bytes: 5n << 20n });
});

testAgainst(
  RUST_ON_ONE_THREAD,
  "[P13, C3] Rust server sees a message in a Request with RO alone",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    const item = new Uint8Array([8, 7]);
    await connection.send(requestFrame(1, chat, FrameFlag.RemoteOpen), dataFrame(1, item));
    assertEquals(await connection.take(2), [dataFrame(1, EMPTY), dataFrame(1, item)]);
    await connection.send(requestFrame(3, chat, OPEN), dataFrame(3, item));
    assertEquals(await connection.take(1), [dataFrame(3, item)]);
  },
);

testAgainst(
  RUST,
  "[P14, C4] Client's deadline is kept by a Rust server with unary calls",
  async ({ interop }) => {
    // Time stands still for the client: what ends the call is the server.
    using _ = new FakeClock().install();
    await assertFails(interop.echo({ delayMs: 60_000 }, { timeoutMs: 50 }), Code.DeadlineExceeded, "timeout");
  },
);

testAgainst(
  RUST,
  "[P14] Rust server keeps no deadline of streams, and no negative one",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    const payload = toBinary(CountRequestSchema, create(CountRequestSchema, { n: 1, delayMs: 100 }));
    await connection.send(requestFrame(1, count, FrameFlag.RemoteClosed, { payload, timeoutNano: 1_000n }));
    assertEquals(await connection.take(2), [dataFrame(1, EMPTY), endFrame(1)]);
    const late = { payload: echoBytes({ plain: true, delayMs: 100 }), timeoutNano: -1n };
    await connection.send(requestFrame(3, echo, 0, late));
    assertEquals(await connection.take(1), [rustReply(3, EMPTY)]);
  },
);

testAgainst(
  RUST,
  "[P15] Rust server's handler of a stream outlives its connection",
  async ({ server, interop }) => {
    {
      await using connection = await FrameConnection.open(server.address);
      await connection.send(
        requestFrame(1, chat, OPEN),
        requestFrame(3, echo, 0, { payload: echoBytes({ delayMs: 60_000 }) }),
      );
      await untilActive(interop, 2n);
    }
    // That the other call is dropped shows that the server knows of the end.
    assertEquals((await untilActive(interop, 1n)).cancelled, 1n);
    for (let later = 0; later < 1_000; later++) assertEquals((await interop.stats({})).active, 1n);
  },
);

testAgainst(
  RUST,
  "[P16] Rust server has other codes for what is too long or undecodable",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    const tooLongRequest = { streamId: 1, type: FrameType.Request, flags: 0, body: new Uint8Array(MAX + 1) };
    await connection.send(tooLongRequest);
    await connection.send({ ...tooLongRequest, streamId: 3, body: BROKEN });
    await connection.send(requestFrame(5, echo, 0, { payload: BROKEN }));
    const answers = (await connection.take(3)).map(readStatus).sort((a, b) => a.streamId - b.streamId);
    assertEquals(answers, [
      { streamId: 1, code: Code.InvalidArgument, message: tooLong(MAX + 1) },
      { streamId: 3, code: Code.InvalidArgument, message: "Unexpected EOF" },
      { streamId: 5, code: Code.Unknown, message: "ttrpc err: Unpack request error Unexpected EOF" },
    ]);
  },
);

testAgainst(RUST, "[P17] Rust server answers Data for a unary call, and the call too", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  const payload = echoBytes({ text: "running", plain: true, delayMs: 200 });
  await connection.send(requestFrame(1, echo, 0, { payload }), dataFrame(1, EMPTY));
  const [refusal, reply] = await connection.take(2);
  assertEquals(refusal && readStatus(refusal), { streamId: 1, code: 3, message: INACTIVE });
  assertEquals(reply, rustReply(1, echoBytes({ text: "running" })));
});

testAgainst(
  RUST,
  "[P17] Rust server answers late Data before or after the call's failure",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    const failing = dataFrame(1, numberBytes({ failCode: Code.OutOfRange }));
    await connection.send(requestFrame(1, sum, OPEN), failing);
    const [failure] = await connection.take(1);
    assertEquals(failure && codeOf(failure), Code.OutOfRange);
    await connection.send(endFrame(1));
    assertEquals((await connection.take(1)).map(readStatus), [{ streamId: 1, code: 3, message: INACTIVE }]);
  },
);

testAgainst(
  RUST_ON_ONE_THREAD,
  "[P17] Client may get a Rust server's refusal of late Data for the call's failure",
  async ({ server }) => {
    await using connection = await FrameConnection.open(server.address);
    const failing = dataFrame(1, numberBytes({ failCode: Code.OutOfRange }));
    await connection.send(requestFrame(1, sum, OPEN), failing, endFrame(1));
    assertEquals((await connection.take(2)).map(codeOf), [Code.InvalidArgument, Code.OutOfRange]);
  },
);

testAgainst(RUST, "[P18] Rust server takes an id at any time, and asks for odd ones", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  for (const id of [5, 3, 5]) {
    await connection.send(requestFrame(id, empty, 0));
    assertEquals(await connection.take(1), [rustReply(id, EMPTY)]);
  }
  await connection.sendBytes(new Uint8Array(10));
  const answer = { streamId: 0, code: 3, message: "stream id must be odd" };
  assertEquals((await connection.take(1)).map(readStatus), [answer]);
});

testAgainst(RUST, "[P19] Rust server has a service without a package under another name", async (peers) => {
  const { server, transport } = peers;
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, empty, 0, { service: ".Plain", method: "Repeat" }));
  assertEquals(await connection.take(1), [rustReply(1, EMPTY)]);
  await assertFails(createPlainClient(transport).repeat({}), ...RUST.noService("Plain"));
});

testAgainst(RUST, "[P6] Rust server makes a message of Data with ND", async ({ server }) => {
  await using connection = await FrameConnection.open(server.address);
  await connection.send(requestFrame(1, chat, OPEN), dataFrame(1, EMPTY, FrameFlag.NoData));
  assertEquals(await connection.take(1), [dataFrame(1, EMPTY)]);
});
