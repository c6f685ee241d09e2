// Each line of README's table of permissions, tried in a program that has just these flags.
import { assertEquals, assertMatch } from "@std/assert";
import type { Duplex } from "../../src/connection/duplex.ts";
import { listen } from "../../src/net/listen.ts";
import { type Attempt, reachInProgram } from "./reach_in_program.ts";
import { TempFolder } from "./temp_folder.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The lines of the table: what is done, with which address, and the flags for it. */
const CLAIMS = Array.from(
  readme.matchAll(/^\| (?:serve with `)?(connect|serve|authorize)`? +\| `(\S+)` +\| `(--[^`]+)` +\|$/gm),
  ([, how = "", address = "", flags = ""]) => ({ how, address, flags }),
);

/** The kinds of address at which the system tells who connects. */
const AUTHORIZED = ["authorize unix:///", "authorize unix://@"];

const REFUSED = /: (Requires \w+ access|Deno's vsock is unstable), run again with /;

/** Listens where a program is going to connect to, and greets it as a hypervisor would. */
async function openPlace(address: string): Promise<AsyncDisposable> {
  const listener = await listen(address.replace(/^hvsock:(.*):\d+$/, "unix:$1"));
  const accepted: Duplex[] = [];
  const loop = (async () => {
    for await (const duplex of listener) {
      accepted.push(duplex);
      // The program does not wait for it, unless it has to.
      await duplex.writable.getWriter().write(new TextEncoder().encode("OK 1\n")).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      listener.close();
      await loop;
      accepted.forEach((duplex) => duplex.close());
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Has README's places stand for such as are free on this machine, the folder last. */
function onThisMachine(folder: TempFolder): (text: string) => string {
  const port = String(freePort());
  const name = `ttrpc-test-${crypto.randomUUID()}`;
  return (text) =>
    text.replaceAll("1024", port).replace(/(vsock:(\/\/)?)3:/g, "$11:")
      .replaceAll("greeter", name).replaceAll("/run", folder.path);
}

Deno.test("README tells the permissions of connect and serve for each kind of address", () => {
  const kinds = ["unix:///", "unix://@", "tcp://", "vsock://", "hvsock:///"];
  assertEquals(
    CLAIMS.map(({ how, address }) => `${how} ${/^\w+:\/\/[/@]?/.exec(address)?.[0]}`),
    [...kinds.flatMap((kind) => [`connect ${kind}`, `serve ${kind}`]), ...AUTHORIZED],
  );
});

for (const claim of CLAIMS) {
  Deno.test(`README's flags for ${claim.how} ${claim.address} suffice, and each is needed`, async () => {
    using folder = new TempFolder();
    const here = onThisMachine(folder);
    const address = here(claim.address);
    const isVsock = address.startsWith("vsock:");
    await using _place = claim.how === "connect" && !isVsock ? await openPlace(address) : undefined;
    const attempts: Attempt[] = [[claim.how, address]];
    const all = claim.flags.split(" ").map(here);
    const [outcome = ""] = await reachInProgram(attempts, { flags: all });
    // This machine may have no vsock, or nobody to connect to.
    if (isVsock) assertEquals(REFUSED.test(outcome), false, outcome);
    else assertEquals(outcome, "ok");
    for (const flag of all) {
      const [refusal = ""] = await reachInProgram(attempts, { flags: all.filter((other) => other !== flag) });
      assertMatch(refusal, REFUSED, flag);
    }
  });
}
