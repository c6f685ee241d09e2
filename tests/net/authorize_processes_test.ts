// Who connects, with processes of this user and of another.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { type Authorize, sameUser } from "../../src/net/authorize.ts";
import { serve } from "../../src/net/serve.ts";
import type { Server } from "../../src/net/server.ts";
import type { PeerCredentials } from "../../src/rpc/remote_info.ts";
import { assertIdle } from "../assert_stats.ts";
import { greetFromProcess, type User } from "./client_process.ts";
import { abstractAddress } from "./temp_folder.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };

/** Exist on every Linux, with or without a name. */
const OTHER_USER: User = { uid: 65_533, gid: 65_532 };

/** A server at an abstract name, which every user may reach, and what it was told of its clients. */
async function serveAll(
  authorize: Authorize,
): Promise<{ server: Server; seen: PeerCredentials[]; errors: unknown[] }> {
  const seen: PeerCredentials[] = [];
  const errors: unknown[] = [];
  const server = await serve({
    address: abstractAddress(),
    routes: (router) =>
      router.service(Greeter, { hello: (_, { remote }) => ({ text: JSON.stringify(remote) }) }),
    authorize(credentials) {
      seen.push(credentials);
      return authorize(credentials);
    },
    onError: (error) => errors.push(error),
  });
  return { server, seen, errors };
}

Deno.test(
  "serve() with sameUser answers a process of its own user, and knows which",
  LINUX_ONLY,
  async () => {
    const { server, seen, errors } = await serveAll(sameUser);
    const { pid, reply } = await greetFromProcess(server.address);
    const credentials = { pid, uid: Deno.uid(), gid: Deno.gid() };
    assertStringIncludes(reply, JSON.stringify({ address: server.address, credentials }));
    assertEquals<unknown>([seen, errors], [[credentials], []]);
    await server.shutdown();
    assertIdle(server.stats());
  },
);

Deno.test("serve() with sameUser refuses a process of another user", LINUX_ONLY, async (t) => {
  await t.step({
    name: "(left out: only root can be another user)",
    ignore: Deno.uid() !== 0,
    fn: async () => {
      const { server, seen, errors } = await serveAll(sameUser);
      const { pid, reply } = await greetFromProcess(server.address, OTHER_USER);
      assertEquals(reply, "");
      assertEquals(seen, [{ pid, ...OTHER_USER }]);
      assertEquals(errors.map(String), [
        "TtrpcError: [permission_denied] Cannot accept a connection: " +
        `it is of process ${pid}, user 65533, group 65532`,
      ]);
      await server.shutdown();
      assertIdle(server.stats());
    },
  });
});

Deno.test("serve() tells clients apart that connect side by side", LINUX_ONLY, async () => {
  const { server, seen } = await serveAll(({ uid }) => Promise.resolve(uid === Deno.uid()));
  const users = Deno.uid() === 0 ? [undefined, OTHER_USER, undefined, OTHER_USER] : [undefined, undefined];
  const outcomes = await Promise.all(users.map((user) => greetFromProcess(server.address, user)));
  for (const [i, { pid, reply }] of outcomes.entries()) {
    assertEquals(reply.includes(`"pid":${pid},`), users[i] === undefined);
  }
  assertEquals(seen.map(({ pid }) => pid).sort(), outcomes.map(({ pid }) => pid).sort());
  await server.shutdown();
  assertIdle(server.stats());
});
