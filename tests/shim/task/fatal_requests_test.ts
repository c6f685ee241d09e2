import { assertEquals, assertRejects } from "@std/assert";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code, createRouterTransport, TtrpcError } from "../../../mod.ts";
import { refuseFatalRequests } from "../../../src/shim/task/fatal_requests.ts";
import {
  createTaskClient,
  createTaskV2Client,
  registerTask,
  registerTaskV2,
  type TaskClient,
} from "../../../src/shim/mod.ts";

const any = create(AnySchema, { typeUrl: "x" });

/** Clients of both versions; `seen` has what came through. */
function makeClients(): {
  clients: TaskClient[];
  seen: string[];
  [Symbol.asyncDispose](): PromiseLike<void>;
} {
  const seen: string[] = [];
  const implementation = Object.fromEntries(
    ["create", "exec", "update", "start"].map((name) => [name, () => {
      seen.push(name);
      return {};
    }]),
  );
  const transport = createRouterTransport((router) => {
    registerTask(router, implementation);
    registerTaskV2(router, implementation);
  }, { transport: { interceptors: [refuseFatalRequests] } });
  return {
    clients: [createTaskV2Client(transport), createTaskClient(transport)],
    seen,
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

Deno.test("refuseFatalRequests() sends none of the requests that crash a shim or make it hang", async () => {
  await using made = makeClients();
  const fatal: [about: string, call: (client: TaskClient) => Promise<unknown>][] = [
    ["exec without a spec", (client) => client.exec({ id: "a", execId: "b" })],
    ["update without resources", (client) => client.update({ id: "a" })],
    ["create with file:// for stdout alone", (client) => client.create({ id: "a", stdout: "file:///tmp/x" })],
    ["create with stdout alone", (client) => client.create({ id: "a", stdout: "/tmp/x" })],
    ["create with stderr alone", (client) => client.create({ id: "a", stderr: "/tmp/x" })],
    ["create with stdin alone", (client) => client.create({ id: "a", stdin: "/tmp/x" })],
    [
      "exec with file:// for stdout alone",
      (client) => client.exec({ id: "a", spec: any, stdout: "file:///x" }),
    ],
    ["exec with stdin alone", (client) => client.exec({ id: "a", spec: any, stdin: "/tmp/x" })],
  ];
  for (const client of made.clients) {
    for (const [about, call] of fatal) {
      const error = await assertRejects(() => call(client), TtrpcError, "Cannot ask a shim to", about);
      assertEquals([error.code, error.requestSent], [Code.InvalidArgument, false], about);
    }
  }
  assertEquals(made.seen, []);
});

Deno.test("refuseFatalRequests() lets everything else through", async () => {
  await using made = makeClients();
  for (const client of made.clients) {
    await client.create({ id: "a" });
    await client.create({ id: "a", terminal: true, stdout: "/tmp/x" });
    await client.create({ id: "a", stdin: "/tmp/x", stdout: "/dev/null", stderr: "/dev/null" });
    await client.exec({ id: "a", spec: any, stdout: "file:///x", stderr: "file:///x" });
    await client.update({ id: "a", resources: any });
    await client.start({ id: "a" });
  }
  const seen = ["create", "create", "create", "exec", "update", "start"];
  assertEquals(made.seen, [...seen, ...seen]);
});
