// What can go wrong at the start, with programs that do wrong; that it goes right is tested with real shims.
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { startShim, type StartShimOptions } from "../../src/shim/mod.ts";
import { TempFolder } from "../net/temp_folder.ts";

/** A bundle, and a program in the place of a shim. */
class FakeShim extends TempFolder {
  readonly options: StartShimOptions;

  constructor(script: string) {
    super();
    Deno.mkdirSync(this.file("c1"));
    const path = this.file("containerd-shim-fake-v1");
    Deno.writeTextFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    this.options = { id: "c1", bundle: this.file("c1"), path };
  }
}

async function failure(script: string, more: Partial<StartShimOptions> = {}): Promise<TtrpcError> {
  using fake = new FakeShim(script);
  const error = await assertRejects(() => startShim({ ...fake.options, ...more }), TtrpcError);
  assertStringIncludes(error.message, `Cannot start ${fake.options.path}: `);
  return error;
}

Deno.test("startShim() says what a shim has printed that failed, and how its log ends", async () => {
  const { code, rawMessage } = await failure(
    "echo first >log; echo last >>log; echo no such luck >&2; exit 3",
  );
  assertEquals(code, Code.Unavailable);
  assertMatch(rawMessage, /: it failed; it printed: no such luck; its log ends with: first\nlast$/);
});

Deno.test("startShim() says what is odd about a shim's answer", async () => {
  const odd: [script: string, message: string][] = [
    ["echo why not >&2", "it printed nothing; it printed: why not"],
    ["printf '  \\n'", "it printed nothing"],
    ['printf \'{"version":4,"address":"unix:///x","protocol":"ttrpc"}\'', "version 4"],
    ['printf \'{"version":3,"address":"unix:///x","protocol":"grpc"}\'', "grpc"],
    ["printf '{\"version\":3'", "is no address"],
  ];
  for (const [script, message] of odd) assertStringIncludes((await failure(script)).message, message);
});

Deno.test("startShim() says that a shim died after it had printed its address", async () => {
  const { rawMessage, cause } = await failure('printf "unix://$PWD/s.sock"; echo "died of it" >log');
  assertMatch(rawMessage, /: it does not answer: Cannot connect to unix:.*; its log ends with: died of it$/);
  assertEquals(cause instanceof TtrpcError && cause.code, Code.Unavailable);
});

Deno.test("startShim() shows what was printed instead of an address, and closes its events", async () => {
  const { rawMessage } = await failure('printf "error: no kvm"; echo no module >&2', { events: true });
  assertMatch(
    rawMessage,
    /: Cannot tell where .*: that is no address: "error: no kvm"; it printed: no module$/,
  );
});

Deno.test("startShim() leaves a file alone that is no socket, whoever calls it one", async () => {
  using folder = new TempFolder();
  Deno.writeTextFileSync(folder.file("precious"), "kept");
  await failure(`printf "unix://${folder.file("precious")}"`);
  assertEquals(Deno.readTextFileSync(folder.file("precious")), "kept");
});

Deno.test("startShim() shows nothing that does something to a terminal", async () => {
  const { rawMessage } = await failure("printf 'red \\033[31m\n' >log; printf '\\033[2J' >&2; exit 1");
  assertStringIncludes(rawMessage, "it printed: \\u{1b}[2J; its log ends with: red \\u{1b}[31m");
});

Deno.test("startShim() shows the end of a long log, from a whole line on", async () => {
  const { rawMessage } = await failure("for i in $(seq 1000); do echo line $i >>log; done; exit 1");
  const [, tail = ""] = rawMessage.split("its log ends with: ");
  assertMatch(tail, /^line \d+\n[^]*\nline 1000$/);
  assertEquals(tail.length <= 2048, true);
});

Deno.test("startShim() removes the socket at which nobody listens any more", async () => {
  using folder = new TempFolder();
  const socket = folder.file("s.sock");
  const listener = Deno.listen({ transport: "unix", path: socket });
  // A file of a socket stays where its process is killed; here it is moved out of the way of `close`.
  Deno.renameSync(socket, folder.file("dead.sock"));
  listener.close();
  await failure(`printf "unix://${folder.file("dead.sock")}"`);
  assertEquals(folder.names(), []);
});

Deno.test("startShim() ends what it has started when it is given up", async () => {
  using folder = new TempFolder();
  const abort = new AbortController();
  // The shim that stays behind, and `start`, which waits for a word on the fifo that never comes.
  const script = `sleep 1000 >/dev/null 2>&1 & echo $! >"${
    folder.file("pid")
  }"; mkfifo fifo; read word <fifo`;
  using fake = new FakeShim(script);
  const starting = assertRejects(() => startShim({ ...fake.options, signal: abort.signal }), TtrpcError);
  const watcher = Deno.watchFs(folder.path);
  while (!folder.names().includes("pid") || Deno.readTextFileSync(folder.file("pid")) === "") {
    await watcher[Symbol.asyncIterator]().next();
  }
  watcher.close();
  const pid = Number(Deno.readTextFileSync(folder.file("pid")));
  abort.abort(new Error("enough"));
  const { code, cause } = await starting;
  assertEquals([code, cause], [Code.Canceled, abort.signal.reason]);
  assertEquals(isAlive(pid), false);
});

Deno.test("startShim() kills a program that does not want to end when it is given up", async () => {
  using fake = new FakeShim('trap "" TERM; echo >ready; while :; do sleep 0.1; done');
  const abort = new AbortController();
  const watcher = Deno.watchFs(fake.options.bundle);
  const starting = assertRejects(() => startShim({ ...fake.options, signal: abort.signal }), TtrpcError);
  for await (const { paths } of watcher) if (paths.some((path) => path.endsWith("/ready"))) break;
  abort.abort();
  assertEquals((await starting).code, Code.Canceled);
});

Deno.test("startShim() does not begin with what it can't use", async () => {
  using fake = new FakeShim("echo unused >started");
  const { options } = fake;
  const wrong: [Partial<StartShimOptions>, string][] = [
    [{ id: "../c1" }, "as container id"],
    [{ namespace: "a/b" }, "as namespace"],
    [{ id: "c2" }, "has to be named c2"],
    [{ bundle: `${options.bundle}/none` }, "there is no such folder"],
    [{ runtime: "io.containerd.runc.v2" }, "give either runtime or path"],
  ];
  for (const [more, message] of wrong) {
    await assertRejects(() => startShim({ ...options, ...more }), TypeError, message);
  }
  await assertRejects(() => startShim({ ...options, path: "/nowhere/shim" }), TtrpcError, "is not there");
  assertEquals([...Deno.readDirSync(options.bundle)], []);
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
