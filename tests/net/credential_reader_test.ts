import { assertEquals, assertThrows } from "@std/assert";
import { CredentialReader } from "../../src/net/credential_reader.ts";
import { abstractAddress, TempFolder } from "./temp_folder.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };
const OURS = { pid: Deno.pid, uid: Deno.uid() ?? NaN, gid: Deno.gid() ?? NaN };

/** A name in the abstract namespace, as the system knows it. */
function abstractPath(): string {
  return abstractAddress().replace("unix://@", "\0");
}

/** A client and the connection that was accepted for it. */
async function connectTo(listener: Deno.UnixListener): Promise<Deno.Conn[]> {
  const { path } = listener.addr;
  return await Promise.all([Deno.connect({ transport: "unix", path }), listener.accept()]);
}

function close(...resources: Deno.Conn[]): void {
  for (const resource of resources) resource.close();
}

/** How many descriptors this process has open. */
function countDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

for (const kind of ["a socket file", "an abstract name"]) {
  Deno.test(`CredentialReader reads who has connected to ${kind}`, LINUX_ONLY, async () => {
    using folder = new TempFolder();
    const path = kind === "a socket file" ? folder.file("ä.sock") : abstractPath();
    using listener = Deno.listen({ transport: "unix", path });
    using reader = new CredentialReader(path);
    const open: Deno.Conn[] = [];
    for (let i = 0; i < 3; i++) {
      open.push(...await connectTo(listener));
      assertEquals(reader.read(), OURS);
      // Descriptors are given out again.
      close(...open.splice(0, i));
    }
    close(...open);
  });
}

Deno.test("CredentialReader is not misled by other sockets", LINUX_ONLY, async () => {
  const path = abstractPath();
  const before = Deno.listen({ transport: "unix", path });
  const old = await connectTo(before);
  before.close();
  // Bears the same name as those of old, which are open still.
  using listener = Deno.listen({ transport: "unix", path });
  using other = Deno.listen({ transport: "unix", path: `${path}-other` });
  using reader = new CredentialReader(path);
  const open = [...old, ...await connectTo(other)];
  assertThrows(() => reader.read(), Error, "Cannot tell who connects: 0 new sockets");
  open.push(...await connectTo(listener), ...await connectTo(other));
  assertEquals(reader.read(), OURS);
  close(...open);
});

Deno.test("CredentialReader takes nobody's credentials for another's", LINUX_ONLY, async () => {
  const path = abstractPath();
  using listener = Deno.listen({ transport: "unix", path });
  using reader = new CredentialReader(path);
  const open = [...await connectTo(listener), ...await connectTo(listener)];
  assertThrows(() => reader.read(), Error, "2 new sockets where there must be one");
  open.push(...await connectTo(listener));
  assertEquals(reader.read(), OURS);
  close(...open);
});

Deno.test("CredentialReader refuses to begin where nobody listens, and when it is over", LINUX_ONLY, () => {
  const path = abstractPath();
  assertThrows(() => new CredentialReader(path), Error, "This system does not tell who connects");
  using _listener = Deno.listen({ transport: "unix", path });
  const reader = new CredentialReader(path);
  reader[Symbol.dispose]();
  reader[Symbol.dispose]();
  assertThrows(() => reader.read(), Error, "Cannot tell who connects: the listener is closed");
});

Deno.test("CredentialReader leaves no descriptor open, whether it can begin or not", LINUX_ONLY, () => {
  const path = abstractPath();
  using _listener = Deno.listen({ transport: "unix", path });
  const before = countDescriptors();
  for (let i = 0; i < 3; i++) {
    new CredentialReader(path)[Symbol.dispose]();
    assertThrows(() => new CredentialReader(`${path}-none`));
  }
  assertEquals(countDescriptors(), before);
});

Deno.test("CredentialReader needs a permission", { permissions: { ffi: false } }, () => {
  assertThrows(() => new CredentialReader("\0none"), Deno.errors.NotCapable);
});
