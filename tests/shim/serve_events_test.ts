import { assertEquals, assertRejects } from "@std/assert";
import { Code, createTransport, TtrpcError } from "../../mod.ts";
import {
  createEventsClient,
  packAny,
  serveEvents,
  type ShimEvent,
  startShim,
  TaskOOMSchema,
} from "../../src/shim/mod.ts";
import { isPending } from "../is_pending.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { mustBecome, mustSettle } from "../waiting.ts";
import { makeBundle } from "./host/bundle.ts";
import { isThere } from "./host/files.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { runtime } from "./host/runtime.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };

/** What comes of a container that is made, run and removed; whether its end or its removal is told first, is open. */
const TOPICS = ["/tasks/create", "/tasks/delete", "/tasks/exit", "/tasks/start"];

shims.test("serveEvents() takes the events of several shims", async (program) => {
  await using bundles = new AsyncDisposableStack();
  const [one, other] = [bundles.use(await makeBundle()), bundles.use(await makeBundle())];
  const before = takeSnapshot({ ids: [one.id, other.id] });
  {
    await using events = await serveEvents();
    const told = collect(events, 2 * TOPICS.length);
    await Promise.all([one, other].map(async ({ id, path }) => {
      await using shim = await startShim({ id, bundle: path, path: program.path, events: events.address });
      assertEquals(shim.events, undefined);
      await using task = await shim.create({ runc: { binaryName: runtime.binaryName } });
      const waiting = task.wait();
      await task.start();
      await task.kill("SIGKILL");
      await waiting;
      await task.delete();
      // A shim that ends keeps to itself what it has not told.
      await mustSettle("all is told", told);
    }));
    const byId = Map.groupBy(await told, ({ message }) => {
      return message !== undefined && "containerId" in message ? message.containerId : "";
    });
    for (const { id } of [one, other]) assertEquals(byId.get(id)?.map(({ topic }) => topic).sort(), TOPICS);
  }
  await assertNothingLeft(before);
});

shims.test("A shim whose events nobody takes any more goes on, and ends", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    const events = await serveEvents();
    await using shim = await start({ events: events.address });
    await using task = await create(shim);
    const reader = events[Symbol.asyncIterator]();
    assertEquals((await reader.next()).value?.topic, "/tasks/create");
    // The shim is about to tell of this.
    const starting = task.start();
    await events.close();
    await starting;
    const waiting = task.wait();
    await task.kill("SIGKILL");
    assertEquals((await waiting).exitStatus, 137);
  }));

Deno.test("serveEvents() removes its folder when it is closed, as often as it is", LINUX_ONLY, async () => {
  const before = takeSnapshot({ ids: [] });
  const events = await serveEvents();
  const folder = events.address.replace(/^unix:(\/\/)?/, "").replace(/\/[^/]*$/, "");
  assertEquals(isThere(folder), true);
  await Promise.all([events.close(), events.close()]);
  await events.close();
  assertEquals(isThere(folder), false);
  assertEquals(await Array.fromAsync(events), []);
  await assertNothingLeft(before);
});

Deno.test(
  "serveEvents() serves at an address of one's own, until its signal aborts",
  LINUX_ONLY,
  async () => {
    using folder = new TempFolder();
    const abort = new AbortController();
    const address = `unix://${folder.file("events.sock")}`;
    const events = await serveEvents({ address, signal: abort.signal });
    const error = await assertRejects(() => serveEvents({ address }), TtrpcError, "in use");
    assertEquals(error.code, Code.Unavailable);
    await tell(events.address, 3);
    abort.abort();
    // What has come before is still to be read.
    assertEquals((await mustSettle("events end", Array.fromAsync(events))).map(({ topic }) => topic), [
      "/0",
      "/1",
      "/2",
    ]);
    await mustBecome("the socket is gone", () => folder.names().length === 0);
  },
);

Deno.test("serveEvents() has senders wait for a slow reader", LINUX_ONLY, async () => {
  await using events = await serveEvents();
  await tell(events.address, 1_024);
  await using transport = createTransport({ address: events.address });
  const client = createEventsClient(transport);
  const late = client.forward(envelopeOf("/late"));
  const givenUp = await assertRejects(
    () => client.forward(envelopeOf("/given/up"), { timeoutMs: 50 }),
    TtrpcError,
  );
  assertEquals(givenUp.code, Code.DeadlineExceeded);
  assertEquals(await isPending(late), true);
  const topics: string[] = [];
  for await (const { topic } of events) {
    topics.push(topic);
    if (topics.length === 1) await mustSettle("a sender has its turn", late);
    if (topics.length === 1_025) break;
  }
  assertEquals(topics, [...Array.from({ length: 1_024 }, (_, i) => `/${i}`), "/late"]);
});

Deno.test("serveEvents() lets senders go that wait when it is closed", LINUX_ONLY, async () => {
  const events = await serveEvents();
  await tell(events.address, 1_024);
  await using transport = createTransport({ address: events.address });
  const late = createEventsClient(transport).forward(envelopeOf("/late"));
  assertEquals(await isPending(late), true);
  const settled = Promise.allSettled([late]);
  await mustSettle("closing", events.close());
  await mustSettle("a sender that waits", settled);
  assertEquals((await Array.fromAsync(events)).length, 1_024);
});

Deno.test(
  "serveEvents() refuses what is no event, and gives an unknown one as it is",
  LINUX_ONLY,
  async () => {
    await using events = await serveEvents();
    await using transport = createTransport({ address: events.address });
    const client = createEventsClient(transport);
    const refusal = await assertRejects(() => client.forward({}), TtrpcError, "no envelope");
    assertEquals(refusal.code, Code.InvalidArgument);
    const event = { typeUrl: "example.Event", value: new Uint8Array([1, 2, 3]) };
    await client.forward({ envelope: { topic: "/own", namespace: "n", event } });
    const broken = { ...packAny(TaskOOMSchema), value: new Uint8Array([0xff]) };
    await client.forward({ envelope: { topic: "/broken", namespace: "n", event: broken } });
    const told = await collect(events, 2);
    assertEquals(told.map(({ message }) => message), [undefined, undefined]);
    assertEquals(told.map(({ any }) => any?.typeUrl), ["example.Event", "containerd.events.TaskOOM"]);
  },
);

/** Tells so many events, one after the other. */
async function tell(address: string, count: number): Promise<void> {
  await using transport = createTransport({ address });
  const client = createEventsClient(transport);
  for (let i = 0; i < count; i++) await client.forward(envelopeOf(`/${i}`));
}

function envelopeOf(topic: string): Parameters<ReturnType<typeof createEventsClient>["forward"]>[0] {
  return { envelope: { topic, namespace: "default", event: packAny(TaskOOMSchema, { containerId: "c1" }) } };
}

async function collect(events: AsyncIterable<ShimEvent>, count: number): Promise<ShimEvent[]> {
  const told: ShimEvent[] = [];
  for await (const event of events) {
    if (told.push(event) === count) break;
  }
  return told;
}
