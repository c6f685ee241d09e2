/**
 * The server of `deno task soak`: serves `interop.v1` at two sockets, the second one with interceptors.
 *
 * Takes commands as lines on stdin, and answers each with a line of JSON; ends with stdin.
 *
 * @module
 */

import { linesOf } from "../lines.ts";
import { ServingProgram } from "./serving_program.ts";

const [plain = "", intercepted = ""] = Deno.args;
const program = await ServingProgram.start(plain, intercepted);
console.log("ready");
for await (const line of linesOf(Deno.stdin.readable)) {
  console.log(JSON.stringify(await program.run(line)));
}
await program.stop();
