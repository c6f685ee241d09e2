// Attaches to the shim of a bundle, runs a process there, tells both, and waits for the end of its input.
import { attachShim } from "../../../src/shim/mod.ts";

const [bundle = ""] = Deno.args;
await using shim = await attachShim({ bundle });
console.log(shim.pid);
await using process = await shim.task().exec({ args: ["echo", "hi"], env: ["PATH=/bin"], stdout: "inherit" });
await process.start();
await process.wait();
for await (const _ of Deno.stdin.readable);
