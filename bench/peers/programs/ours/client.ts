// Runs rows against a server of bench.v1.Bench with this module.
import { createTransport } from "@ttrpc/ttrpc";
import { createBenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { runClient } from "../js/client.mjs";
import { stdinLines } from "../js/deno_lines.ts";

await runClient({ lines: stdinLines(), print: console.log, open });

async function open() {
  const transport = createTransport({ address: `unix://${Deno.args[0]}` });
  const bench = createBenchClient(transport);
  await bench.echo({});
  return {
    echo: (data: Uint8Array<ArrayBuffer>) => bench.echo({ data }),
    download: (count: number, size: number) => bench.download({ count, size }),
    upload: bench.upload,
    exchange: bench.exchange,
    close: () => transport.close(),
  };
}
