import { fuzz } from "./fuzz.ts";
import { randomSeed } from "../random.ts";

const SECONDS = 1.5;

Deno.test("serve() and createTransport() stand sessions that were changed, the same each time", async () => {
  console.log(await fuzz({ seconds: SECONDS, seed: 1, roles: ["client", "server"] }));
});

Deno.test("serve() and createTransport() stand sessions that were changed, others each time", async () => {
  console.log(await fuzz({ seconds: SECONDS, seed: randomSeed(), roles: ["client", "server"] }));
});
