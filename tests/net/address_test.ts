import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Address,
  formatAddress,
  MAX_PATH_BYTES,
  parseAddress,
  systemPath,
  VSOCK_ANY,
} from "../../src/net/address.ts";

const unix = (path: string): Address => ({ kind: "unix", path });
const abstract = (name: string): Address => ({ kind: "abstract", name });
const tcp = (hostname: string, port: number): Address => ({ kind: "tcp", hostname, port });
const vsock = (cid: number, port: number): Address => ({ kind: "vsock", cid, port });
const hvsock = (path: string, port: number): Address => ({ kind: "hvsock", path, port });

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
  ["unix:///tcp://a:1", unix("/tcp://a:1"), "unix:///tcp://a:1"],
  ["tcp://localhost:1024", tcp("localhost", 1024), "tcp://localhost:1024"],
  ["tcp://my_host.example.:1", tcp("my_host.example.", 1), "tcp://my_host.example.:1"],
  ["tcp://127.0.0.1:065535", tcp("127.0.0.1", 65535), "tcp://127.0.0.1:65535"],
  ["tcp://[::1]:80", tcp("::1", 80), "tcp://[::1]:80"],
  ["tcp://[::ffff:127.0.0.1]:80", tcp("::ffff:127.0.0.1", 80), "tcp://[::ffff:127.0.0.1]:80"],
  ["vsock://2:1024", vsock(2, 1024), "vsock://2:1024"],
  ["vsock://0:0", vsock(0, 0), "vsock://0:0"],
  ["vsock://4294967294:4294967294", vsock(4294967294, 4294967294), "vsock://4294967294:4294967294"],
  ["hvsock:///run/vm.sock:1024", hvsock("/run/vm.sock", 1024), "hvsock:///run/vm.sock:1024"],
  ["hvsock:vm.sock:1", hvsock("vm.sock", 1), "hvsock:vm.sock:1"],
  ["hvsock:/run/a:b:1", hvsock("/run/a:b", 1), "hvsock:///run/a:b:1"],
];

/** What only a listener may use. */
const LISTENING: typeof FORMS = [
  ["tcp://0.0.0.0:0", tcp("0.0.0.0", 0), "tcp://0.0.0.0:0"],
  ["vsock://-1:1024", vsock(VSOCK_ANY, 1024), "vsock://-1:1024"],
  ["vsock://4294967295:1024", vsock(VSOCK_ANY, 1024), "vsock://-1:1024"],
];

Deno.test("parseAddress() and formatAddress() read and write each form", { permissions: "none" }, () => {
  for (const [text, address, canonical] of FORMS) {
    assertEquals(parseAddress(text), address, text);
    assertEquals(formatAddress(address), canonical, text);
    assertEquals(parseAddress(canonical), address, canonical);
  }
  for (const [text, address, canonical] of [...FORMS, ...LISTENING]) {
    assertEquals(parseAddress(text, "listen on"), address, text);
    assertEquals(formatAddress(address), canonical, text);
    assertEquals(parseAddress(canonical, "listen on"), address, canonical);
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
  "http://localhost",
  "UNIX:///run/a.sock",
  "c:a.sock",
  "localhost:1024",
  "tcp:localhost:1024",
  "tcp://localhost",
  "tcp://localhost:",
  "tcp://:1024",
  "tcp://localhost:-1",
  "tcp://localhost:http",
  "tcp://localhost:1024/",
  "tcp://user@localhost:1024",
  "tcp://::1:1024",
  "tcp://[::1:1024",
  "tcp://[::1::]:1024",
  "tcp://[localhost]:1024",
  "tcp://1.2.3.999:1024",
  "tcp://a b:1024",
  "vsock:2:1024",
  "vsock://2",
  "vsock://:1024",
  "vsock://any:1024",
  "vsock://-2:1024",
  "vsock://2:-1",
  "hvsock:///run/vm.sock",
  "hvsock:///run/vm.sock:",
  "hvsock://run/vm.sock:1024",
  "hvsock://@name:1024",
  "hvsock::1024",
];

Deno.test("parseAddress() names the address that it refuses, and the forms", { permissions: "none" }, () => {
  for (const text of REFUSED) {
    const { message } = assertThrows(() => parseAddress(text), TypeError);
    assertEquals(
      message,
      `Cannot use address ${JSON.stringify(text)}: the forms are ` +
        "unix:///path, unix:relative, /path, unix://@abstract, tcp://host:port, vsock://cid:port or " +
        "hvsock:///path:port",
    );
  }
});

const OUT_OF_RANGE: [text: string, fault: string, listening?: string][] = [
  ["tcp://a:0", "its port must be from 1 to 65535", "none"],
  ["tcp://a:65536", "its port must be from 1 to 65535", "its port must be from 0 to 65535"],
  ["tcp://a:99999999999999999999", "its port must be from 1 to 65535", "its port must be from 0 to 65535"],
  ["vsock://-1:1", "its cid must be from 0 to 4294967294", "none"],
  ["vsock://4294967296:1", "its cid must be from 0 to 4294967294", "its cid must be from 0 to 4294967295"],
  ["vsock://2:4294967295", "its port must be from 0 to 4294967294"],
  ["hvsock:///a:4294967295", "its port must be from 0 to 4294967294"],
];

Deno.test("parseAddress() names the range of a number that is out of it", { permissions: "none" }, () => {
  for (const [text, fault, listening = fault] of OUT_OF_RANGE) {
    assertThrows(() => parseAddress(text), TypeError, `Cannot use address "${text}": ${fault}`);
    if (listening === "none") parseAddress(text, "listen on");
    else assertThrows(() => parseAddress(text, "listen on"), TypeError, `"${text}": ${listening}`);
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

Deno.test(
  "parseAddress() counts the path at which hybrid vsock is listened at",
  { permissions: "none" },
  () => {
    const path = `/${"a".repeat(MAX_PATH_BYTES - "/_1024".length)}`;
    parseAddress(`hvsock://${path}:1024`, "listen on");
    parseAddress(`hvsock://${path}aaaaa:1024`);
    const message = "108 bytes where sockets take 107";
    assertThrows(() => parseAddress(`hvsock://${path}a:1024`, "listen on"), TypeError, message);
    assertThrows(() => parseAddress(`hvsock://${path}aaaaaa:1024`), TypeError, message);
  },
);

Deno.test("parseAddress() refuses a zero byte, which would end the path", { permissions: "none" }, () => {
  for (const text of ["/run/a\0b", "unix:a\0b", "unix://@a\0b", "\0name", "hvsock:///a\0b:1"]) {
    assertThrows(() => parseAddress(text), TypeError, `${JSON.stringify(text)}: it has a zero byte`);
  }
});

Deno.test("systemPath() gives the path or name that the system uses", { permissions: "none" }, () => {
  for (const action of ["connect to", "listen on"] as const) {
    assertEquals(systemPath({ kind: "unix", path: "/run/a.sock" }, action), "/run/a.sock");
    assertEquals(systemPath({ kind: "abstract", name: "name" }, action), "\0name");
  }
  assertEquals(systemPath({ kind: "hvsock", path: "/vm", port: 52 }, "connect to"), "/vm");
  assertEquals(systemPath({ kind: "hvsock", path: "/vm", port: 52 }, "listen on"), "/vm_52");
});
