import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Address,
  formatAddress,
  MAX_PATH_BYTES,
  parseAddress,
  systemPath,
} from "../../src/net/address.ts";

const unix = (path: string): Address => ({ kind: "unix", path });
const abstract = (name: string): Address => ({ kind: "abstract", name });

const FORMS: [text: string, address: Address, canonical: string][] = [
  ["unix:///run/a.sock", unix("/run/a.sock"), "unix:///run/a.sock"],
  ["unix:/run/a.sock", unix("/run/a.sock"), "unix:///run/a.sock"],
  ["/run/a.sock", unix("/run/a.sock"), "unix:///run/a.sock"],
  ["unix:////run/a.sock", unix("//run/a.sock"), "unix:////run/a.sock"],
  ["unix:a.sock", unix("a.sock"), "unix:a.sock"],
  ["unix:./a.sock", unix("./a.sock"), "unix:./a.sock"],
  ["unix:run/@a:b", unix("run/@a:b"), "unix:run/@a:b"],
  ["a.sock", unix("a.sock"), "unix:a.sock"],
  ["./a:b.sock", unix("./a:b.sock"), "unix:./a:b.sock"],
  ["../unix:a", unix("../unix:a"), "unix:../unix:a"],
  ["/run/with blank, comma?#%20", unix("/run/with blank, comma?#%20"), "unix:///run/with blank, comma?#%20"],
  ["/run/new\nline", unix("/run/new\nline"), "unix:///run/new\nline"],
  ["unix://@name", abstract("name"), "unix://@name"],
  ["unix:@name", abstract("name"), "unix://@name"],
  ["unix://@/a/b@c", abstract("/a/b@c"), "unix://@/a/b@c"],
];

Deno.test("parseAddress() and formatAddress() read and write each form", { permissions: "none" }, () => {
  for (const [text, address, canonical] of FORMS) {
    assertEquals(parseAddress(text), address, text);
    assertEquals(formatAddress(address), canonical, text);
    assertEquals(parseAddress(canonical), address, canonical);
  }
});

const REFUSED = [
  "",
  "unix:",
  "unix://",
  "unix://run/a.sock",
  "unix://@",
  "unix:@",
  "@name",
  "tcp://localhost:1",
  "http://localhost",
  "vsock://2:1024",
  "UNIX:///run/a.sock",
  "c:a.sock",
];

Deno.test("parseAddress() names the address that it refuses, and the forms", { permissions: "none" }, () => {
  for (const text of REFUSED) {
    const { message } = assertThrows(() => parseAddress(text), TypeError);
    assertEquals(
      message,
      `Cannot use address ${JSON.stringify(text)}: the forms are ` +
        "unix:///path, unix:relative, /path or unix://@abstract",
    );
  }
});

Deno.test("parseAddress() counts the bytes of a path, not its letters", { permissions: "none" }, () => {
  const longest = "ä".repeat((MAX_PATH_BYTES - 1) / 2);
  for (const prefix of ["/", "unix:///", "unix:a", "unix://@a"]) {
    parseAddress(prefix + longest);
    const { message } = assertThrows(() => parseAddress(`${prefix}${longest}b`), TypeError);
    assertStringIncludes(message, "108 bytes where sockets take 107");
    assertStringIncludes(message, `"${prefix}${longest}b"`);
  }
});

Deno.test("parseAddress() refuses a zero byte, which would end the path", { permissions: "none" }, () => {
  for (const text of ["/run/a\0b", "unix:a\0b", "unix://@a\0b", "\0name"]) {
    assertThrows(() => parseAddress(text), TypeError, `${JSON.stringify(text)}: it has a zero byte`);
  }
});

Deno.test("systemPath() puts a zero byte before abstract names only", { permissions: "none" }, () => {
  assertEquals(systemPath(unix("/run/a.sock")), "/run/a.sock");
  assertEquals(systemPath(abstract("name")), "\0name");
});
