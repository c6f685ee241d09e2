import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatAddress, parseAddress } from "../../src/net/address.ts";
import { listen } from "../../src/net/listen.ts";
import { type Attempt, reachInProgram } from "./reach_in_program.ts";
import { abstractAddress, TempFolder } from "./temp_folder.ts";

/** Accepts connections, and closes each. */
async function closeEach(connections: AsyncIterable<{ close(): void }>): Promise<void> {
  for await (const connection of connections) connection.close();
}

Deno.test("connect(), listen() and serve() name the flags they need, which suffice", async () => {
  using folder = new TempFolder();
  using file = await listen(folder.file("live.sock"));
  using blank = await listen(folder.file("a b,c.sock"));
  using abstract = await listen(abstractAddress());
  using tcp = await listen("tcp://localhost:0");
  const listeners = [file, blank, abstract, tcp];
  const ends = listeners.map(closeEach);
  const attempts: Attempt[] = [
    ["connect", file.address],
    ["connect", "live.sock"],
    ["connect", blank.address],
    ["connect", abstract.address],
    ["connect", tcp.address],
    ["listen", folder.file("new.sock")],
    ["listen", "relative.sock"],
    ["listen", abstractAddress()],
    ["listen", "tcp://[::1]:0"],
    ["listen", `hvsock://${folder.file("vm.sock")}:1024`],
    ["serve", folder.file("served.sock")],
    ["authorize", folder.file("authorized.sock")],
    ["authorize", abstractAddress()],
  ];

  const refusals = await reachInProgram(attempts, { cwd: folder.path });
  const flagsOf = attempts.map(([how, address], i) => {
    const refusal = refusals[i] ?? "";
    const action = how === "connect" ? "connect to" : "listen on";
    const named = formatAddress(parseAddress(address, action));
    assertStringIncludes(refusal, `[permission_denied] Cannot ${action} ${named}: Requires `);
    assertMatch(refusal, /: Requires \w+ access, run again with (--allow-\S+ ?)+$/);
    return refusal.slice(refusal.indexOf("--allow")).split(" ");
  });
  assertEquals(
    flagsOf[0],
    ["read=", "write=", "net=unix:"].map((flag) => `--allow-${flag}${folder.path}/live.sock`),
  );

  const again = attempts.map((attempt, i) =>
    reachInProgram([attempt], { cwd: folder.path, flags: flagsOf[i] })
  );
  assertEquals((await Promise.all(again)).flat(), attempts.map(() => "ok"));
  for (const listener of listeners) listener.close();
  await Promise.all(ends);
});
