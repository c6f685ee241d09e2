import { assertEquals } from "@std/assert";
import type { Payload } from "../gen/bench/v1/bench_pb.ts";
import { type BenchClient, createBenchClient, registerBench } from "../gen/bench/v1/bench_ttrpc.ts";
import { Code, createTransport, serve, TtrpcError } from "../mod.ts";
import { KeptMessages, somePayload } from "./kept_messages.ts";
import { TempFolder } from "./net/temp_folder.ts";
import { type Random, withRandom } from "./random.ts";
import { turns } from "./waiting.ts";

const UNARY_CALLS = 2000;
const IN_FLIGHT = 50;
const STREAMS = 8;
const MESSAGES = 150;

/** Sends messages back, and keeps them; one in eight unary calls fails with its bytes as a detail. */
function serveKept(address: string, kept: KeptMessages) {
  let calls = 0;
  return serve({
    address,
    routes: (router) =>
      registerBench(router, {
        echo(request) {
          kept.keep(request);
          if (++calls % 8 > 0) return request;
          const details = [{ typeUrl: "data", value: request.data }];
          throw new TtrpcError("Not this one", Code.DataLoss, { details });
        },
        async upload(requests) {
          let count = 0;
          for await (const request of requests) {
            kept.keep(request);
            if (++count % 10 === 0) await turns(1);
          }
          return { count };
        },
        async *exchange(requests) {
          for await (const request of requests) {
            kept.keep(request);
            yield request;
          }
        },
      }),
  });
}

async function echoAll(bench: BenchClient, random: Random, kept: KeptMessages): Promise<void> {
  for (let i = 0; i < UNARY_CALLS / IN_FLIGHT; i++) {
    const payload = somePayload(random);
    try {
      kept.keep(await bench.echo(payload), payload);
    } catch (error) {
      const [detail] = TtrpcError.from(error).details;
      if (detail === undefined) throw error;
      const { $typeName } = payload;
      kept.keep({ $typeName, data: detail.value }, { $typeName, data: payload.data });
    }
  }
}

async function exchangeAll(bench: BenchClient, random: Random, kept: KeptMessages): Promise<void> {
  const sent = Array.from({ length: MESSAGES }, () => somePayload(random));
  let received = 0;
  for await (const reply of bench.exchange(sent)) {
    kept.keep(reply, sent[received++]);
    // A reader that is slow now and then: messages wait for it.
    if (random.oneIn(20)) await turns(3);
  }
  assertEquals(received, MESSAGES);
}

async function uploadAll(bench: BenchClient, random: Random): Promise<void> {
  const sent: Payload[] = Array.from({ length: MESSAGES }, () => somePayload(random));
  assertEquals((await bench.upload(sent)).count, MESSAGES);
}

Deno.test("Messages that are kept never change, while lent chunks and pooled buffers are used again", async () => {
  using folder = new TempFolder();
  const [ofClient, ofServer] = [new KeptMessages(), new KeptMessages()];
  await using server = await serveKept(folder.file("a.sock"), ofServer);
  await withRandom(async (random) => {
    // Two connections, whose buffers come from one pool.
    await using first = createTransport({ address: server.address });
    await using second = createTransport({ address: server.address });
    const benches = [first, second].map(createBenchClient);
    await Promise.all(benches.flatMap((bench) => [
      ...Array.from({ length: IN_FLIGHT / 2 }, () => echoAll(bench, random, ofClient)),
      ...Array.from({ length: STREAMS / 2 }, () => exchangeAll(bench, random, ofClient)),
      ...Array.from({ length: STREAMS / 2 }, () => uploadAll(bench, random)),
    ]));
    assertEquals(ofClient.length, UNARY_CALLS + STREAMS * MESSAGES);
    assertEquals(ofServer.length, UNARY_CALLS + 2 * STREAMS * MESSAGES);
    ofClient.assertUnchanged("client");
    ofServer.assertUnchanged("server");
  });
});
