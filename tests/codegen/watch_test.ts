import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { watchProtos } from "../../src/codegen/watch.ts";
import { makeProject } from "./project.ts";

/** The next changes, for something that happens once the question for them waits for events. */
async function nextAfter(changes: AsyncIterator<string[]>, happen: () => void): Promise<unknown> {
  const next = changes.next();
  await new Promise((resolve) => setTimeout(resolve)); // Looking around takes it no turn of the event loop.
  happen();
  return await next;
}

Deno.test("watchProtos() gives the protos that change in a burst at once", async () => {
  using project = makeProject({
    "proto/a.proto": "",
    "proto/v1/b.proto": "",
    "proto/opened.proto": "",
    "proto/readme.md": "",
  });
  const end = new AbortController();
  const changes = watchProtos([project.file("proto")], end.signal)[Symbol.asyncIterator]();
  // What happens before it is asked for is not lost.
  Deno.openSync(project.file("proto/opened.proto"), { write: true }).close();
  for (const name of ["proto/readme.md", "proto/a.proto", "proto/v1/b.proto", "proto/a.proto"]) {
    Deno.writeTextFileSync(project.file(name), "changed");
  }
  assertEquals(await changes.next(), {
    done: false,
    value: [project.file("proto/a.proto"), project.file("proto/v1/b.proto")],
  });
  Deno.removeSync(project.file("proto/a.proto"));
  assertEquals(await changes.next(), { done: false, value: [project.file("proto/a.proto")] });
  end.abort();
  assertEquals(await changes.next(), { done: true, value: undefined });
});

Deno.test("watchProtos() notices a folder that is moved in with all that is in it", async () => {
  using project = makeProject({ "proto/a.proto": "", "elsewhere/b.proto": "" });
  const end = new AbortController();
  const changes = watchProtos([project.file("proto")], end.signal)[Symbol.asyncIterator]();
  Deno.renameSync(project.file("elsewhere"), project.file("proto/v2"));
  assertEquals(await changes.next(), { done: false, value: [project.file("proto/v2/b.proto")] });
  end.abort();
  assertEquals(await changes.next(), { done: true, value: undefined });
});

Deno.test("watchProtos() hears of a folder that is made again, and of what changes in it", async () => {
  const ways: [string, string, (path: string) => void][] = [
    ["removed", "api/proto", (path) => Deno.removeSync(path, { recursive: true })],
    ["removed with the one around it", "api", (path) => Deno.removeSync(path, { recursive: true })],
    ["moved", "api/proto", (path) => Deno.renameSync(path, `${path}.old`)],
  ];
  for (const [way, gone, remove] of ways) {
    using project = makeProject({ "api/proto/v1/a.proto": "" });
    const file = project.file("api/proto/v1/a.proto");
    const end = new AbortController();
    const changes = watchProtos([project.file("api/proto")], end.signal)[Symbol.asyncIterator]();
    const change = { done: false, value: [file] };
    assertEquals(await nextAfter(changes, () => remove(project.file(gone))), change, way);
    const made = await nextAfter(changes, () => {
      Deno.mkdirSync(dirname(file), { recursive: true });
      Deno.writeTextFileSync(file, "1");
    });
    assertEquals(made, change, way);
    assertEquals(await nextAfter(changes, () => Deno.writeTextFileSync(file, "2")), change, way);
    end.abort();
    await changes.next();
  }
});

Deno.test("watchProtos() follows links", async () => {
  using project = makeProject({ "elsewhere/a.proto": "", "more/b.proto": "", "proto/readme.md": "" });
  Deno.symlinkSync(project.file("elsewhere"), project.file("proto/linked"));
  Deno.symlinkSync(project.file("more/b.proto"), project.file("proto/b.proto"));
  Deno.symlinkSync(project.file("proto"), project.file("proto/circle"));
  const end = new AbortController();
  const changes = watchProtos([project.file("proto")], end.signal)[Symbol.asyncIterator]();
  for (const [changed, name] of [["elsewhere/a.proto", "linked/a.proto"], ["more/b.proto", "b.proto"]]) {
    const change = await nextAfter(
      changes,
      () => Deno.writeTextFileSync(project.file(changed ?? ""), "changed"),
    );
    assertEquals(change, { done: false, value: [project.file(`proto/${name}`)] });
  }
  end.abort();
  await changes.next();
});

Deno.test("watchProtos() ends when it is aborted while it waits", async () => {
  using project = makeProject({ "proto/a.proto": "" });
  const end = new AbortController();
  const next = watchProtos([project.file("proto")], end.signal)[Symbol.asyncIterator]().next();
  end.abort();
  assertEquals(await next, { done: true, value: undefined });
});
