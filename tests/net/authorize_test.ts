import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { type Authorize, requireAuthorized, sameUser } from "../../src/net/authorize.ts";
import { Code } from "../../src/rpc/code.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { FakeClock } from "../fake_clock.ts";
import { settled } from "../settled.ts";

const REMOTE = { address: "unix:///run/a.sock", credentials: { pid: 7, uid: 8, gid: 9 } };
/** No deadline, and a signal that does not abort. */
const UNLIMITED = { deadline: undefined, signal: new AbortController().signal };

Deno.test("sameUser() lets in the server's own user alone", { ignore: Deno.build.os !== "linux" }, () => {
  const uid = Deno.uid() ?? NaN;
  const others = [uid + 1, 65534, 1000, 0].filter((other) => other !== uid);
  for (const one of [uid, ...others]) assertEquals(sameUser({ pid: 1, uid: one, gid: 0 }), one === uid);
});

const REFUSE: [about: string, authorize: Authorize][] = [
  ["false", () => false],
  ["a promise of false", () => Promise.resolve(false)],
  ["what is merely true-ish", () => JSON.parse('"yes"')],
  ["nothing", () => JSON.parse("null")],
];

for (const [about, authorize] of REFUSE) {
  Deno.test(`requireAuthorized() refuses for ${about}`, { permissions: "none" }, async () => {
    const error = await assertRejects(() => requireAuthorized(REMOTE, authorize, UNLIMITED), TtrpcError);
    assertEquals(error.rawMessage, "Cannot accept a connection: it is of process 7, user 8, group 9");
    assertEquals(error.code, Code.PermissionDenied);
  });
}

Deno.test("requireAuthorized() lets in for true, and a promise of it", { permissions: "none" }, async () => {
  const asked: unknown[] = [];
  for (const answer of [true, Promise.resolve(true)]) {
    await requireAuthorized(REMOTE, (credentials) => (asked.push(credentials), answer), UNLIMITED);
  }
  assertEquals(asked, [REMOTE.credentials, REMOTE.credentials]);
});

Deno.test("requireAuthorized() fails as authorize does", { permissions: "none" }, async () => {
  const bug = new Error("no luck");
  const rules: Authorize[] = [() => Promise.reject(bug), () => {
    throw bug;
  }];
  for (const rule of rules) {
    assertStrictEquals(await assertRejects(() => requireAuthorized(REMOTE, rule, UNLIMITED)), bug);
  }
});

Deno.test(
  "requireAuthorized() refuses whom nobody knows, without asking",
  { permissions: "none" },
  async () => {
    const authorize = () => {
      throw new Error("was asked");
    };
    const nobody = { address: "memory" };
    const error = await assertRejects(() => requireAuthorized(nobody, authorize, UNLIMITED), TtrpcError);
    assertEquals(error.rawMessage, "Cannot accept a connection: nobody knows whose it is");
    assertEquals(error.code, Code.PermissionDenied);
  },
);

Deno.test(
  "requireAuthorized() waits until the deadline, and no longer",
  { permissions: "none" },
  async () => {
    const time = new FakeClock();
    using _ = time.install();
    const late = Promise.withResolvers<boolean>();
    const limits = { ...UNLIMITED, deadline: Deadline.afterMs(1000) };
    const refused = assertRejects(() => requireAuthorized(REMOTE, () => late.promise, limits), TtrpcError);
    await settled();
    time.advance(1000);
    const error = await refused;
    assertEquals(error.rawMessage, "Cannot accept a connection: authorize takes too long");
    assertEquals([error.code, time.pendingTimers], [Code.DeadlineExceeded, 0]);
    // Nobody hears of what comes of it later.
    late.reject(new Error("too late"));
    await settled();
  },
);

Deno.test("requireAuthorized() waits until its signal aborts", { permissions: "none" }, async () => {
  const time = new FakeClock();
  using _ = time.install();
  const end = new AbortController();
  const reason = new Error("the end");
  const limits = { deadline: Deadline.afterMs(1000), signal: end.signal };
  let asked = 0;
  const forever = () => {
    asked++;
    return new Promise<boolean>(() => {});
  };
  const refused = assertRejects(() => requireAuthorized(REMOTE, forever, limits));
  await settled();
  end.abort(reason);
  assertStrictEquals(await refused, reason);
  assertStrictEquals(await assertRejects(() => requireAuthorized(REMOTE, forever, limits)), reason);
  assertEquals([asked, time.pendingTimers], [1, 0]);
});
