import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CountRequestSchema } from "../../gen/interop/v1/interop_pb.ts";
import { expectSeen, payloadOf, type PlannedCall } from "./planned_call.ts";
import { readReplies } from "./read_replies.ts";
import { expectBytes, expectEqual } from "./wrong_answer.ts";

/** More items than anybody takes. */
const ENDLESS = 2 ** 32 - 1;

/** `Count`. */
export async function makeServerStreamCall(call: PlannedCall): Promise<void> {
  const { plan: { random, ending }, client, options, payloads } = call;
  const payloadSize = ending === "too long" ? 4_194_305 : payloadOf(call).length;
  const n = random.below(mostItems(call, payloadSize) + 1);
  const replies = client.count(planRequest(call, n, payloadSize), options);
  await readReplies(call, replies, n, (item, seq) => {
    expectEqual("seq", item.seq, BigInt(seq));
    expectBytes(`payload ${seq}`, item.payload, payloads.pattern(seq, payloadSize));
    if (seq === 0) expectSeen(call, item);
  });
}

/** Large items come in small numbers. */
function mostItems({ plan: { random }, abilities }: PlannedCall, payloadSize: number): number {
  if (payloadSize > 65_536) return 3;
  if (payloadSize > 1_000) return 20;
  return Math.min(random.oneIn(50) ? 2_000 : 40, abilities.messagesInFlight);
}

function planRequest({ plan, abilities }: PlannedCall, n: number, payloadSize: number): Request {
  const { random, ending, failure } = plan;
  const request = { n, payloadSize, report: true };
  switch (ending) {
    case "failure":
      // At least one item more would follow.
      return { ...request, n: n + 1, failAfter: n, failCode: failure.code, failMessage: failure.message };
    case "too long":
      return { ...request, n: 1 };
    case "deadline":
      return { ...request, n: ENDLESS, delayMs: 1 };
    case "signal":
    case "break":
      return abilities.endsWhatIsGivenUp && random.oneIn(10) ? { ...request, n: ENDLESS } : request;
    default:
      return request;
  }
}

type Request = MessageInitShape<typeof CountRequestSchema>;
