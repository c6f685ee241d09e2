// Runs rows against a server of bench.v1.Bench with this module.
import { createTransport } from "@ttrpc/ttrpc";
import type { Payload } from "../../../../gen/bench/v1/bench_pb.ts";
import { createBenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { runClient } from "../js/client.mjs";
import { stdinLines } from "../js/deno_lines.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Receive = (data: Uint8Array) => void;

await runClient({ lines: stdinLines(), print: console.log, open });

async function open() {
  const transport = createTransport({ address: `unix://${Deno.args[0]}` });
  const bench = createBenchClient(transport);
  await bench.echo({});
  return {
    echo: (data: Bytes) => bench.echo({ data }),
    download: (request: { count: number; size: number }, receive: Receive) =>
      receiveAll(bench.download(request), receive),
    upload: bench.upload,
    exchange: (messages: Iterable<{ data: Bytes }>, receive: Receive) =>
      receiveAll(bench.exchange(messages), receive),
    close: () => transport.close(),
  };
}

async function receiveAll(replies: AsyncIterable<Payload>, receive: Receive): Promise<void> {
  for await (const { data } of replies) receive(data);
}
