import { assertEquals } from "@std/assert";
import { parseAddress } from "../../src/net/address.ts";
import { dialAddress } from "../../src/shim/dial_address.ts";

const ADDRESSES: Record<string, object> = {
  "unix:///run/containerd/s/0f": { kind: "unix", path: "/run/containerd/s/0f" },
  "/containerd-shim/ns/id/shim.sock@": { kind: "abstract", name: "/containerd-shim/ns/id/shim.sock@" },
  "vsock://3:1024": { kind: "vsock", cid: 3, port: 1024 },
  "hvsock:///run/vm.sock:1024": { kind: "hvsock", path: "/run/vm.sock", port: 1024 },
};

Deno.test("dialAddress() makes addresses that can be connected to", { permissions: "none" }, () => {
  for (const [written, address] of Object.entries(ADDRESSES)) {
    assertEquals<object>(parseAddress(dialAddress(written)), address);
  }
});
