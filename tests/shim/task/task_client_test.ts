import { assertEquals, assertRejects } from "@std/assert";
import { Code, createRouterTransport, type Routes, TtrpcError } from "../../../mod.ts";
import { registerTask, registerTaskV2 } from "../../../src/shim/mod.ts";
import { probeTaskVersion } from "../../../src/shim/task/task_client.ts";

const PURE = { permissions: "none" } as const;
const connect = () => ({ shimPid: 42 });

Deno.test(
  "probeTaskVersion() asks for the likely version first, and then for the other one",
  PURE,
  async () => {
    const shims: [about: string, routes: Routes, versions: (2 | 3)[]][] = [
      ["version 2 alone", (router) => registerTaskV2(router, { connect }), [2, 2]],
      ["version 3 alone", (router) => registerTask(router, { connect }), [3, 3]],
      ["both", (router) => {
        registerTaskV2(router, { connect });
        registerTask(router, { connect });
      }, [2, 3]],
    ];
    for (const [about, routes, expected] of shims) {
      await using transport = createRouterTransport(routes);
      const found = [
        await probeTaskVersion(transport, "c1", 2, {}),
        await probeTaskVersion(transport, "c1", 3, {}),
      ];
      assertEquals(found.map(({ taskVersion }) => taskVersion), expected, about);
      assertEquals(found.map(({ shimPid }) => shimPid), [42, 42]);
    }
  },
);

Deno.test("probeTaskVersion() tells what is wrong with a shim that has neither, or fails", PURE, async () => {
  await using neither = createRouterTransport(() => {});
  const unknown = await assertRejects(() => probeTaskVersion(neither, "c1", 2, {}), TtrpcError);
  assertEquals(unknown.code, Code.Unimplemented);
  await using failing = createRouterTransport((router) =>
    registerTask(router, {
      connect() {
        throw new TtrpcError("no", Code.PermissionDenied);
      },
    })
  );
  const failed = await assertRejects(() => probeTaskVersion(failing, "c1", 3, {}), TtrpcError);
  assertEquals(failed.code, Code.PermissionDenied);
});
