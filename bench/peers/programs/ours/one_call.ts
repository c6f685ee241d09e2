// Makes one call, and says how much memory that takes.
import { createTransport } from "@ttrpc/ttrpc";
import { createBenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { peakKib } from "../js/peak_memory.ts";

await using transport = createTransport({ address: `unix://${Deno.args[0]}` });
const { data } = await createBenchClient(transport).echo({ data: new Uint8Array([1, 2, 3]) });
if (data.length !== 3) throw new Error("Got another payload than was sent");
console.log(peakKib());
