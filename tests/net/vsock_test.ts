import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Attempt, reachInProgram } from "./reach_in_program.ts";
import { runProgram } from "./run_program.ts";
import { TempFolder } from "./temp_folder.ts";

const MISSING = "Deno's vsock is unstable, run again with --unstable-vsock, " +
  'or add "unstable": ["vsock"] to deno.json';

const ATTEMPTS: Attempt[] = [["connect", "vsock://1:1"], ["listen", "vsock://1:1"], ["serve", "vsock://1:1"]];

/** A port that nobody else is likely to use. */
function somePort(): number {
  return 1024 + Math.floor(Math.random() * 2 ** 31);
}

Deno.test("connect(), listen() and serve() look for Deno's flag before they use vsock", async () => {
  const refusals = ["connect to", "listen on", "listen on"].map((action) =>
    `[unavailable] Cannot ${action} vsock://1:1: ${MISSING}`
  );
  for (const flags of [[], ["-A"], ["-A", "--unstable-net", "--unstable-kv"]]) {
    assertEquals(await reachInProgram(ATTEMPTS, { flags }), refusals, flags.join(" "));
  }
});

Deno.test("connect(), listen() and serve() find Deno's flag wherever it stands", async () => {
  using folder = new TempFolder();
  const config = folder.file("deno.json");
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  await Deno.writeTextFile(config, JSON.stringify({ imports, unstable: ["vsock"] }));
  const places = [
    { flags: ["--unstable-vsock"] },
    { flags: ["--unstable-net", "--unstable-vsock"] },
    { config },
  ];
  for (const options of places) {
    for (const refusal of await reachInProgram(ATTEMPTS, options)) {
      const message = "Requires net access, run again with --allow-net=vsock:1:1";
      assertStringIncludes(refusal, message, JSON.stringify(options));
    }
  }
});

Deno.test("createTransport() and serve() carry calls over vsock, or fail as on any address", async (t) => {
  const flags = ["--allow-net", "--unstable-vsock"];
  const outcome = await runProgram({ file: "vsock_call.ts", flags, args: [String(somePort())] });
  const isReached = !outcome.startsWith("[unavailable] Cannot");
  if (!isReached) {
    assertMatch(outcome, /: (Connection timed out; nobody|This machine has no vsock device|Not an)/);
  }
  await t.step({
    name: isReached ? "to this machine itself" : `(left out, no loopback here: ${outcome})`,
    ignore: !isReached,
    fn: () => assertMatch(outcome, /^Hello, Ada at vsock:\/\/1:\d+$/),
  });
});
