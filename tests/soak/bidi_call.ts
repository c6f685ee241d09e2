import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Item, ItemSchema } from "../../gen/interop/v1/interop_pb.ts";
import type { MessageSource } from "../../mod.ts";
import { expectSeen, payloadOf, payloadTooLong, type PlannedCall } from "./planned_call.ts";
import { readReplies } from "./read_replies.ts";
import { anySource, pending, throwing } from "./sources.ts";
import { expectBytes, expectEqual } from "./wrong_answer.ts";

/** `Chat`: one item after the other, or all at once. */
export async function makeBidiCall(call: PlannedCall): Promise<void> {
  const { plan: { random, ending }, abilities } = call;
  const items = planItems(call);
  const isEndedByServer = ending === "reply" && random.oneIn(10) && items.length > 0;
  const last = items.at(-1);
  if (isEndedByServer && last !== undefined) last.end = true;
  if (random.oneIn(2)) return await chatInTurns(call, items);
  // Held items come back when the client has ended its half; but for that, all do in their order.
  const mayHold = ending === "reply" && !isEndedByServer;
  for (const item of items) item.hold = mayHold && random.oneIn(4);
  const late = isEndedByServer && abilities.takesLateMessages ? planItems(call) : [];
  const expected = [...items.filter(({ hold }) => !hold), ...items.filter(({ hold }) => hold)];
  await chat(call, planSource(call, [...items, ...late]), expected);
}

/** Sends each item when the one before has come back. */
async function chatInTurns(call: PlannedCall, items: SentItem[]): Promise<void> {
  let answered = Promise.withResolvers<void>();
  const onReply = () => answered.resolve();
  async function* ask(source: MessageSource<ItemInit>) {
    for await (const item of source) {
      yield item;
      await answered.promise;
      answered = Promise.withResolvers();
    }
  }
  await chat(call, ask(planSource(call, items)), items, onReply);
}

async function chat(
  call: PlannedCall,
  source: MessageSource<ItemInit>,
  expected: SentItem[],
  onReply: () => void = () => {},
): Promise<void> {
  await readReplies(call, call.client.chat(source, call.options), expected.length, (item, index) => {
    expectItem(call, item, expected[index], index);
    onReply();
  });
}

interface SentItem {
  seq: bigint;
  text: string;
  payload: Uint8Array;
  report: boolean;
  hold: boolean;
  end: boolean;
}

function planItems(call: PlannedCall): SentItem[] {
  const { plan: { random, number, ending }, abilities } = call;
  const most = Math.min(random.oneIn(50) ? 500 : 15, abilities.messagesInFlight);
  // A loop that is to be left needs an item at which it is.
  const length = random.below(most) + (ending === "break" ? 1 : 0);
  return Array.from({ length }, (_, i) => ({
    seq: BigInt(number),
    text: random.oneIn(2) ? `item ${i} of call ${number}` : "",
    payload: i < 15 ? payloadOf(call, i) : new Uint8Array(0),
    report: random.oneIn(10),
    hold: false,
    end: false,
  }));
}

function planSource({ plan, abilities }: PlannedCall, items: SentItem[]): MessageSource<ItemInit> {
  const { random, ending, failure } = plan;
  switch (ending) {
    case "failure": {
      const failing = { failCode: failure.code, text: failure.message };
      return pending([...items, failing, ...(abilities.takesLateMessages ? items : [])]);
    }
    case "source":
      return throwing(items);
    case "too long":
      return [...items, { payload: payloadTooLong() }];
    case "deadline":
    case "signal":
    case "break":
      return pending(items);
    default:
      return anySource(items, random);
  }
}

function expectItem(call: PlannedCall, found: Item, sent: SentItem | undefined, index: number): void {
  expectEqual(`whether there is an item ${index}`, sent !== undefined, true);
  if (sent === undefined) return;
  expectEqual(`seq ${index}`, found.seq, sent.seq);
  expectEqual(`text ${index}`, found.text, sent.text);
  expectBytes(`payload ${index}`, found.payload, sent.payload);
  if (sent.report) expectSeen(call, found);
}

type ItemInit = MessageInitShape<typeof ItemSchema>;
