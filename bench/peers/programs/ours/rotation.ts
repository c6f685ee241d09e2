import { create, type DescMethodUnary, type Message } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@ttrpc/ttrpc";
import { Rotation } from "../../../../gen/bench/v1/rotation_pb.ts";
import { ROTATION } from "./rotation_messages.ts";
import type { Peer } from "./peer.ts";
import { isSameMessage } from "./same_message.ts";

/** How many calls are open at a time. */
const IN_FLIGHT = 16;

type Echo = (message: Message) => Promise<Message>;

/**
 * Calls every method of `bench.v1.Rotation` in turn until the time is over, and resolves to how many calls were
 * made.
 */
export async function rotate([peer]: Iterable<Peer>, _: object, time: { isOver: boolean }): Promise<number> {
  if (peer === undefined) throw new TypeError("Cannot call without a connection");
  const steps = stepsOf(peer.transport);
  let done = 0;
  async function work(first: number): Promise<void> {
    const own = [...steps.slice(first), ...steps.slice(0, first)];
    while (!time.isOver) {
      for (const { echo, message } of own) {
        if (!isSameMessage(await echo(message), message)) {
          throw new Error(`Got another ${message.$typeName} than was sent`);
        }
        done++;
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, worker) => work(worker)));
  return done;
}

function stepsOf(transport: Transport) {
  const client: Record<string, unknown> = createClient(Rotation, transport);
  const methods: Record<string, DescMethodUnary> = Rotation.method;
  return Object.entries(ROTATION).flatMap(([name, init]) => {
    const method = methods[name];
    return method === undefined ? [] : [{ echo: client[name] as Echo, message: create(method.input, init) }];
  });
}
