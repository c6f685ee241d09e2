import { expectSeen, payloadOf, payloadTooLong, type PlannedCall } from "./planned_call.ts";
import { expectBytes, expectEqual } from "./wrong_answer.ts";

/** Longer than anybody waits. A handler whose client is gone sits it out. */
const LONG_MS = 2_000;

/** `Echo`, or `Fail`. */
export async function makeUnaryCall(call: PlannedCall): Promise<void> {
  const { plan, client, options } = call;
  switch (plan.ending) {
    case "failure":
      await client.fail(plan.failure, options);
      return;
    case "too long":
      return await callTooLong(call);
    case "deadline":
      await client.echo({ payload: payloadOf(call), delayMs: LONG_MS }, options);
      return;
    default:
      await echo(call);
  }
}

async function callTooLong({ plan, client, options, abilities }: PlannedCall): Promise<void> {
  const isReply = abilities.livesWithLongReplies && plan.random.oneIn(2);
  await client.echo(isReply ? { replySize: 4_194_305 } : { payload: payloadTooLong() }, options);
}

async function echo(call: PlannedCall): Promise<void> {
  const { plan: { random, number, ending }, client, options, payloads } = call;
  const payload = payloadOf(call);
  const replySize = random.oneIn(10) ? payloadOf(call).length : 0;
  const delayMs = ending === "signal" && random.oneIn(2) ? LONG_MS : random.oneIn(50) ? random.below(5) : 0;
  const text = `call ${number}`;
  const reply = await client.echo({ payload, text, replySize, delayMs }, options);
  expectBytes("payload", reply.payload, replySize === 0 ? payload : payloads.pattern(0, replySize));
  expectEqual("text", reply.text, text);
  expectSeen(call, reply);
}
