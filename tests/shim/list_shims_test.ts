import { assertEquals } from "@std/assert";
import { listShims } from "../../src/shim/mod.ts";
import { TempFolder } from "../net/temp_folder.ts";

Deno.test("listShims() tells of each bundle what it says of its shim, or what is wrong with that", async () => {
  using folder = new TempFolder();
  const bundle = (namespace: string, id: string) => {
    const path = folder.file(`io.containerd.runtime.v2.task/${namespace}/${id}`);
    Deno.mkdirSync(path, { recursive: true });
    return path;
  };
  const json = JSON.stringify({ version: 3, address: "unix:///run/new.sock", protocol: "ttrpc" });
  Deno.writeTextFileSync(`${bundle("k8s.io", "new")}/bootstrap.json`, json);
  Deno.writeTextFileSync(`${bundle("k8s.io", "old")}/address`, "unix:///run/old.sock");
  Deno.writeTextFileSync(`${bundle("k8s.io", "odd")}/bootstrap.json`, "{}");
  bundle("default", "bare");
  Deno.writeTextFileSync(folder.file("io.containerd.runtime.v2.task/file"), "");

  const listed = await listShims({ stateDir: folder.path });
  assertEquals(
    listed.map(({ namespace, id, address, taskVersion }) => [namespace, id, address, taskVersion]),
    [
      ["default", "bare", undefined, undefined],
      ["k8s.io", "new", "unix:///run/new.sock", 3],
      ["k8s.io", "odd", undefined, undefined],
      ["k8s.io", "old", "unix:///run/old.sock", 2],
    ],
  );
  assertEquals(
    listed.map(({ problem }) => problem),
    [
      "there is neither bootstrap.json nor address",
      undefined,
      `Cannot read ${
        listed[2]?.bundle
      }/bootstrap.json: Cannot tell where the shim serves: that is no address: "{}"`,
      undefined,
    ],
  );
  assertEquals(listed[1]?.bundle, folder.file("io.containerd.runtime.v2.task/k8s.io/new"));
});

Deno.test("listShims() finds nothing where there is no containerd", async () => {
  using folder = new TempFolder();
  assertEquals(await listShims({ stateDir: folder.file("none") }), []);
});
