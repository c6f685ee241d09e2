// What can go wrong; that it goes right is tested with a real containerd.
import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { placeOf } from "../../src/shim/attach_shim.ts";
import { attachShim } from "../../src/shim/mod.ts";
import { TempFolder } from "../net/temp_folder.ts";

Deno.test("attachShim() says that a bundle tells of no shim, or of one that is gone", async () => {
  using folder = new TempFolder();
  const none = await assertRejects(() => attachShim({ bundle: folder.path }), TtrpcError);
  assertEquals(none.code, Code.NotFound);
  assertEquals(
    none.rawMessage,
    `Cannot attach to the shim of ${folder.path}: there is neither bootstrap.json nor address`,
  );
  Deno.writeTextFileSync(folder.file("address"), `unix://${folder.file("gone.sock")}`);
  const gone = await assertRejects(() => attachShim({ bundle: folder.path }), TtrpcError);
  assertEquals(gone.code, Code.Unavailable);
});

Deno.test(
  "placeOf() knows id and namespace by the bundle, and the bundle by them",
  { permissions: "none" },
  () => {
    const bundle = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/web-1";
    const place = { id: "web-1", namespace: "k8s.io", bundle };
    assertEquals(placeOf({ bundle }), place);
    assertEquals(placeOf({ bundle: `${bundle}/` }), place);
    assertEquals(placeOf({ id: "web-1", namespace: "k8s.io" }), place);
    const elsewhere = "/state/io.containerd.runtime.v2.task/default/web-1";
    assertEquals(placeOf({ id: "web-1", stateDir: "/state" }).bundle, elsewhere);
    assertEquals(placeOf({ bundle: "/tmp/web-1" }), { ...place, namespace: "default", bundle: "/tmp/web-1" });
  },
);

Deno.test("attachShim() refuses ids that would lead elsewhere", async () => {
  for (const id of ["..", "../x", "a/b", "", "a..b", "-a", "a".repeat(77)]) {
    await assertRejects(() => attachShim({ id }), TypeError, "as container id", id);
    await assertRejects(() => attachShim({ id: "a", namespace: id }), TypeError, "as namespace", id);
  }
  await assertRejects(() => attachShim({}), TypeError, "give bundle, or id");
});
