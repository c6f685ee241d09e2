// The services that shims of others serve: their clients and implementations fit together.
import { assertEquals } from "@std/assert";
import { createRouterTransport } from "../../../mod.ts";
import {
  createEventsClient,
  createSandboxClient,
  createStreamingClient,
  createTransferClient,
  packAny,
  registerEvents,
  registerSandbox,
  registerStreaming,
  registerTransfer,
  StreamInitSchema,
  TaskOOMSchema,
  unpackAny,
} from "../../../src/shim/mod.ts";

const PURE = { permissions: "none" } as const;

Deno.test("A sandbox is driven from its making to its end", PURE, async () => {
  const seen: string[] = [];
  await using transport = createRouterTransport((router) =>
    registerSandbox(router, {
      createSandbox({ sandboxId, annotations }) {
        seen.push(`create ${sandboxId} ${annotations.pod}`);
        return {};
      },
      startSandbox: () => ({ pid: 7 }),
      platform: () => ({ platform: { os: "linux", architecture: "arm64" } }),
      sandboxStatus: ({ sandboxId, verbose }) => ({
        sandboxId,
        state: "SANDBOX_READY",
        info: { verbose: `${verbose}` },
      }),
      waitSandbox: () => ({ exitStatus: 3 }),
      stopSandbox({ timeoutSecs }) {
        seen.push(`stop ${timeoutSecs}`);
        return {};
      },
    })
  );
  const sandbox = createSandboxClient(transport);
  const target = { sandboxId: "pod-1" };
  await sandbox.createSandbox({ ...target, annotations: { pod: "web" } });
  assertEquals((await sandbox.startSandbox(target)).pid, 7);
  assertEquals((await sandbox.platform(target)).platform?.architecture, "arm64");
  const { state, info } = await sandbox.sandboxStatus({ ...target, verbose: true });
  assertEquals([state, info], ["SANDBOX_READY", { verbose: "true" }]);
  await sandbox.stopSandbox({ ...target, timeoutSecs: 5 });
  assertEquals((await sandbox.waitSandbox(target)).exitStatus, 3);
  assertEquals(seen, ["create pod-1 web", "stop 5"]);
});

Deno.test("A stream begins with its name, and carries anything both ways", PURE, async () => {
  await using transport = createRouterTransport((router) =>
    registerStreaming(router, {
      async *stream(items) {
        for await (const item of items) yield item;
      },
    })
  );
  const init = packAny(StreamInitSchema, { id: "stdin-1" });
  const items = await Array.fromAsync(createStreamingClient(transport).stream([init, init]));
  assertEquals(items.map((item) => unpackAny(item, StreamInitSchema)?.id), ["stdin-1", "stdin-1"]);
});

Deno.test("A transfer has a source, a destination, and a stream for its progress", PURE, async () => {
  const seen: unknown[] = [];
  await using transport = createRouterTransport((router) => {
    registerTransfer(router, {
      transfer({ source, destination, options }) {
        seen.push([source?.typeUrl, destination?.typeUrl, options?.progressStream]);
        return {};
      },
    });
    registerEvents(router, {
      forward({ envelope }) {
        seen.push([envelope?.topic, unpackAny(envelope?.event, TaskOOMSchema)?.containerId]);
        return {};
      },
    });
  });
  const [source, destination] = [{ typeUrl: "a" }, { typeUrl: "b" }];
  await createTransferClient(transport).transfer({ source, destination, options: { progressStream: "p" } });
  const event = packAny(TaskOOMSchema, { containerId: "c1" });
  await createEventsClient(transport).forward({ envelope: { topic: "/tasks/oom", event } });
  assertEquals(seen, [["a", "b", "p"], ["/tasks/oom", "c1"]]);
});
