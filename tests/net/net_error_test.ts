import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Address } from "../../src/net/address.ts";
import { type NetAction, netError } from "../../src/net/net_error.ts";

const FILE: Address = { kind: "unix", path: "/run/a.sock" };
const { errors } = Deno;

const ERRORS: [action: NetAction, cause: unknown, message: string][] = [
  ["connect to", new errors.NotFound("os error 2"), "No such file or directory; is the server running?"],
  ["listen on", new errors.NotFound("os error 2"), "No such directory"],
  ["connect to", new errors.ConnectionRefused("os error 111"), "Connection refused; nobody listens there"],
  [
    "connect to",
    new errors.PermissionDenied("os error 13"),
    "Permission denied by the system; check the socket's owner and mode",
  ],
  ["listen on", new errors.AddrInUse("os error 98"), "Address in use by a live server"],
  ["listen on", new errors.AlreadyExists("a file that is no socket"), "a file that is no socket"],
  ["listen on", "no error at all", "no error at all"],
];

Deno.test("netError() names action, address and reason", { permissions: "none" }, () => {
  for (const [action, cause, message] of ERRORS) {
    const error = netError(action, FILE, cause);
    assertEquals(error.message, `[unavailable] Cannot ${action} unix:///run/a.sock: ${message}`);
    assertEquals(error.requestSent, false);
    assertStrictEquals(error.cause, cause);
  }
});
