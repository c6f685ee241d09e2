import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { logCalls } from "../../examples/interceptors/log.ts";
import { retryUnary } from "../../examples/interceptors/retry.ts";
import { createGreeterClient, registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Code, createTransport, type Interceptor, serve, TtrpcError } from "../../mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { interceptGreeter } from "../greeter_kinds.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { settled } from "../settled.ts";

const IDEMPOTENT = ["greeter.v1.Greeter/Hello"];

/** Fails a call's first tries. */
function failFirst(tries: number, error: TtrpcError): { interceptor: Interceptor; tried: () => number } {
  let tried = 0;
  const interceptor: Interceptor = (next) => (request) => {
    if (tried++ < tries) throw error;
    return next(request);
  };
  return { interceptor, tried: () => tried };
}

const unsent = new TtrpcError("Refused", Code.Unavailable, { requestSent: false });
const sent = new TtrpcError("Lost", Code.Unavailable);

for (
  const { about, failures, error, idempotent, tries, succeeds } of [
    { about: "that was not sent", failures: 2, error: unsent, idempotent: [], tries: 3, succeeds: true },
    { about: "that was sent", failures: 1, error: sent, idempotent: [], tries: 1, succeeds: false },
    {
      about: "that may run twice",
      failures: 2,
      error: sent,
      idempotent: IDEMPOTENT,
      tries: 3,
      succeeds: true,
    },
    { about: "too often", failures: 3, error: unsent, idempotent: [], tries: 3, succeeds: false },
    {
      about: "that the server refuses",
      failures: 1,
      error: new TtrpcError("No name", Code.InvalidArgument, { requestSent: false }),
      idempotent: IDEMPOTENT,
      tries: 1,
      succeeds: false,
    },
  ]
) {
  const name = succeeds ? "tries a call again" : "gives up a call that fails";
  Deno.test(`retryUnary() ${name}: one ${about}`, async () => {
    const { interceptor, tried } = failFirst(failures, error);
    const retry = retryUnary({ attempts: 3, waitMs: 0, idempotent });
    const { greeter } = interceptGreeter({ client: [retry, interceptor] });
    const reply = greeter.hello({ name: "Ada" });
    if (succeeds) assertEquals((await reply).text, "Ada");
    else assertStrictEquals(await assertRejects(() => reply, TtrpcError), error);
    assertEquals(tried(), tries);
  });
}

Deno.test("retryUnary() lets streams pass", async () => {
  const { interceptor, tried } = failFirst(1, unsent);
  const retry = retryUnary({ attempts: 3, waitMs: 0, idempotent: [] });
  const { greeter } = interceptGreeter({ client: [retry, interceptor] });
  await assertRejects(() => Array.fromAsync(greeter.count({ n: 1 })), TtrpcError, "Refused");
  assertEquals(tried(), 1);
});

for (const by of ["deadline", "signal"] as const) {
  for (const isWaiting of [false, true]) {
    const when = isWaiting ? "while it waits" : "before it waits";

    Deno.test(`retryUnary() gives a call up that is over by its ${by} ${when}`, async () => {
      const clock = new FakeClock();
      using _ = clock.install();
      const { interceptor, tried } = failFirst(Infinity, unsent);
      // An hour: the timer has to be given up too, or the test leaks it.
      const retry = retryUnary({ attempts: 9, waitMs: 3_600_000, idempotent: [] });
      const { greeter } = interceptGreeter({ client: [retry, interceptor] });
      const controller = new AbortController();
      const options = by === "deadline" ? { timeoutMs: 10 } : { signal: controller.signal };
      const failure = assertRejects(() => greeter.hello({}, options), TtrpcError);
      if (isWaiting) await settled();
      if (by === "deadline") clock.advance(10);
      else controller.abort();
      assertEquals((await failure).code, by === "deadline" ? Code.DeadlineExceeded : Code.Canceled);
      assertEquals(tried(), 1);
    });
  }
}

Deno.test("retryUnary() waits for a server that comes back", async () => {
  using folder = new TempFolder();
  const address = `unix://${folder.file("greeter.sock")}`;
  const begin = () =>
    serve({
      address,
      routes: (router) => registerGreeter(router, { hello: ({ name }) => ({ text: name }) }),
    });
  const lines: string[] = [];
  const failed = Promise.withResolvers<void>();
  const onLine = (line: string) => {
    lines.push(line.replace(/ [0-9.]+ ms$/, ""));
    if (lines.length === 2) failed.resolve();
  };
  await using transport = createTransport({
    address,
    interceptors: [retryUnary({ attempts: 100, waitMs: 1, idempotent: [] }), logCalls(onLine)],
  });
  const greeter = createGreeterClient(transport);
  const first = await begin();
  assertEquals((await greeter.hello({ name: "Ada" })).text, "Ada");
  await first.shutdown();
  const second = greeter.hello({ name: "Eve" });
  await failed.promise;
  await using _server = await begin();
  assertEquals((await second).text, "Eve");
  assertEquals(lines.slice(0, 2), ["ok", "unavailable"].map((end) => `greeter.v1.Greeter/Hello ${end}`));
});
