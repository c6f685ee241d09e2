import { assertEquals } from "@std/assert";
import { watchProtos } from "../../src/codegen/watch.ts";
import { makeProject } from "./project.ts";

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
  assertEquals(await changes.next(), { done: false, value: [project.file("proto/v2")] });
  end.abort();
  assertEquals(await changes.next(), { done: true, value: undefined });
});

Deno.test("watchProtos() ends when it is aborted while it waits", async () => {
  using project = makeProject({ "proto/a.proto": "" });
  const end = new AbortController();
  const next = watchProtos([project.file("proto")], end.signal)[Symbol.asyncIterator]().next();
  end.abort();
  assertEquals(await next, { done: true, value: undefined });
});
