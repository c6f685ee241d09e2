import type { MessageInitShape } from "@bufbuild/protobuf";
import type { NumberSchema } from "../../gen/interop/v1/interop_pb.ts";
import type { MessageSource } from "../../mod.ts";
import { payloadOf, payloadTooLong, type PlannedCall } from "./planned_call.ts";
import { anySource, endless, pending, throwing } from "./sources.ts";
import { expectEqual } from "./wrong_answer.ts";

/** `Sum`. */
export async function makeClientStreamCall(call: PlannedCall): Promise<void> {
  const { plan: { random, ending }, client, options, abilities } = call;
  const numbers = planNumbers(call);
  const last = ending === "reply" && random.oneIn(10) ? { value: 1n, end: true } : undefined;
  const late = last !== undefined && abilities.takesLateMessages ? planNumbers(call) : [];
  const summed = last === undefined ? numbers : [...numbers, last];
  const reply = await client.sum(planSource(call, [...summed, ...late]), options);
  expectEqual("sum", reply.sum, summed.reduce((sum, { value = 0n }) => sum + value, 0n));
  expectEqual("count", reply.count, BigInt(summed.length));
  expectEqual("bytes", reply.bytes, BigInt(numbers.reduce((sum, { payload }) => sum + payload.length, 0)));
}

interface PlannedNumber {
  value: bigint;
  payload: Uint8Array;
}

function planNumbers(call: PlannedCall): PlannedNumber[] {
  const { random } = call.plan;
  const length = random.below(random.oneIn(50) ? 1_000 : 20);
  return Array.from({ length }, (_, i) => ({
    value: BigInt(random.below(2 ** 32)) - 2n ** 31n,
    payload: i < 20 ? payloadOf(call, i) : new Uint8Array(0),
  }));
}

function planSource({ plan, abilities }: PlannedCall, numbers: Number[]): MessageSource<Number> {
  const { random, ending, failure } = plan;
  switch (ending) {
    case "failure": {
      const failing = { failCode: failure.code, failMessage: failure.message };
      return pending([...numbers, failing, ...(abilities.takesLateMessages ? numbers : [])]);
    }
    case "source":
      return throwing(numbers);
    case "too long":
      return [...numbers, { payload: payloadTooLong() }];
    case "deadline":
      return pending(numbers);
    case "signal":
      return numbers.length > 0 && random.oneIn(2) ? endless(numbers) : pending(numbers);
    default:
      return anySource(numbers, random);
  }
}

type Number = MessageInitShape<typeof NumberSchema>;
