import { create, toBinary } from "@bufbuild/protobuf";
import { assertEquals } from "@std/assert";
import { EchoResponseSchema, Interop } from "../../gen/interop/v1/interop_pb.ts";
import { FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { dataFrame, EMPTY, endFrame, requestFrame, responseFrame } from "../call_frames.ts";
import { attackClient } from "./attack_client.ts";
import { ANSWER, CALLS } from "./attacked_calls.ts";
import { itemBytes } from "./attack_frames.ts";

const TIMES = 1_000_000;
const ANSWER_BYTES = toBinary(EchoResponseSchema, create(EchoResponseSchema, { text: ANSWER }));

attackClient("[X5] createTransport() leaves a connection that floods a stream it has given up", {
  limitsMiB: 1,
  calls: "leaveStream",
  async run(attacker, victim) {
    const { streamId } = await attacker.heard(FrameType.Request);
    await attacker.send(dataFrame(streamId, EMPTY));
    await attacker.heard(FrameType.Response);
    const open = await attacker.heard(FrameType.Request);
    await attacker.flood(100_000, dataFrame(streamId, itemBytes({ payload: new Uint8Array(1_000) })));
    await attacker.send(responseFrame(open.streamId, ANSWER_BYTES));
    assertEquals(await attacker.next(), undefined);
    const { stats } = await victim.report();
    assertEquals(stats.lateFrames, 100_000);
  },
});

attackClient("[B2, X5] createTransport() leaves such a connection too if its server takes nothing more", {
  limitsMiB: 4,
  options: { writeStallTimeoutMs: 5_000 },
  calls: "leaveFullStream",
  async run(attacker, victim) {
    const { streamId } = await attacker.heard(FrameType.Request);
    await attacker.send(dataFrame(streamId, EMPTY));
    await victim.until(({ openCalls, queuedBytes }) => openCalls === 0 && queuedBytes > 0);
    attacker.floodUnread(2_000, dataFrame(streamId, itemBytes({ payload: new Uint8Array(1_000) })));
    await victim.until(({ callsByCode }) => callsByCode[Code.Ok] === 1);
  },
});

attackClient("[A7, A9] createTransport() drops frames for no call of its own", {
  limitsMiB: 1,
  calls: "echo",
  async run(attacker, victim) {
    const { streamId } = await attacker.heard(FrameType.Request);
    const unknown = [dataFrame(999, EMPTY), endFrame(1_000), responseFrame(0, EMPTY)];
    await attacker.flood(TIMES / 4, ...unknown, requestFrame(5, Interop.method.echo, 0));
    await attacker.send(responseFrame(streamId, ANSWER_BYTES));
    const { lateFrames } = await victim.until(({ openCalls }) => openCalls === 0);
    assertEquals(lateFrames, TIMES / 4 * 3);
  },
});

attackClient("[A7] createTransport() takes the first of a million Responses for one call", {
  limitsMiB: 1,
  calls: "twoEchoes",
  async run(attacker, victim) {
    const ids = [await attacker.heard(FrameType.Request), await attacker.heard(FrameType.Request)]
      .map(({ streamId }) => streamId);
    for (const streamId of ids) await attacker.flood(TIMES / 2, responseFrame(streamId, ANSWER_BYTES));
    await victim.until(({ lateFrames }) => lateFrames === TIMES - 2);
  },
});

attackClient("[B3, B4] createTransport() stands a million empty replies to a reader that has stopped", {
  limitsMiB: 4,
  calls: "readNoMore",
  async run(attacker, victim) {
    const { streamId } = await attacker.heard(FrameType.Request);
    attacker.floodUnread(TIMES, dataFrame(streamId, EMPTY));
    const open = await attacker.heard(FrameType.Request);
    attacker.floodUnread(1, responseFrame(open.streamId, ANSWER_BYTES));
    await victim.until(({ lateFrames }) => lateFrames > TIMES - 20_000);
  },
});

attackClient("[B1, X1] createTransport() gives up calls to a server that reads nothing", {
  limitsMiB: 4,
  calls: "giveUpAll",
  async run(_, victim) {
    await victim.until(({ callsByCode }) => callsByCode[Code.Canceled] === CALLS);
  },
});
