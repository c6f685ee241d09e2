import { assertEquals, assertStrictEquals } from "@std/assert";
import { type NetAction, parseAddress } from "../../src/net/address.ts";
import { netError } from "../../src/net/net_error.ts";

const FILE = "unix:///run/a.sock";
const { errors } = Deno;

const ERRORS: [action: NetAction, address: string, cause: unknown, message: string][] = [
  [
    "connect to",
    FILE,
    new errors.NotFound("os error 2"),
    "No such file or directory; is the server running?",
  ],
  ["listen on", FILE, new errors.NotFound("os error 2"), "No such directory"],
  ["connect to", FILE, new errors.ConnectionRefused("?"), "Connection refused; nobody listens there"],
  [
    "connect to",
    FILE,
    new errors.PermissionDenied("os error 13"),
    "Permission denied by the system; check the socket's owner and mode",
  ],
  [
    "listen on",
    "hvsock:///run/vm.sock:52",
    new errors.PermissionDenied("os error 13"),
    "Permission denied by the system; check the folder's owner and mode",
  ],
  ["listen on", FILE, new errors.AddrInUse("os error 98"), "Address in use by a live server"],
  ["listen on", FILE, new errors.AlreadyExists("a file that is no socket"), "a file that is no socket"],
  ["listen on", FILE, "no error at all", "no error at all"],
  ["connect to", "tcp://a:1", new Error("failed to lookup address information: …"), "Host not found"],
  ["connect to", "tcp://a:1", new errors.TimedOut("?"), "Connection timed out; nobody answers there"],
  ["connect to", "tcp://a:1", new errors.ConnectionReset("?"), "Connection reset; nobody listens there"],
  ["listen on", "tcp://8.8.8.8:1", new errors.AddrNotAvailable("?"), "Not an address of this machine"],
  ["listen on", "tcp://[::1]:1", new errors.PermissionDenied("(os error 13)"), "(os error 13)"],
  [
    "connect to",
    "vsock://2:1",
    new Error("No such device (os error 19)"),
    "This machine has no vsock device",
  ],
  ["connect to", "vsock://2:1", new Error("Out of memory (os error 12)"), "Out of memory (os error 12)"],
];

Deno.test("netError() names action, address and reason", { permissions: "none" }, () => {
  for (const [action, address, cause, message] of ERRORS) {
    const error = netError(action, parseAddress(address, action), cause);
    assertEquals(error.message, `[unavailable] Cannot ${action} ${address}: ${message}`);
    assertEquals(error.requestSent, false);
    assertStrictEquals(error.cause, cause);
  }
});

Deno.test("netError() names the flags that a missing permission takes, and those for more", {
  permissions: "none",
}, () => {
  const cause = new errors.NotCapable(
    'Requires ffi access to "libc.so.6", run again with the --allow-ffi flag',
  );
  const { rawMessage } = netError("listen on", parseAddress("unix://@a"), cause, " --allow-ffi");
  const flags = "--allow-net --allow-ffi";
  assertEquals(rawMessage, `Cannot listen on unix://@a: Requires ffi access, run again with ${flags}`);
});
