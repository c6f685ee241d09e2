import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { isThere } from "./files.ts";
import { freshId } from "./fresh_id.ts";
import { findProcesses } from "./processes.ts";
import { testWithDaemon } from "./test_with_daemon.ts";

testWithDaemon("Daemon runs containers, with their bundles where others find them", async (daemon) => {
  const ids = { default: freshId(), other: freshId() };
  for (const [namespace, id] of Object.entries(ids)) {
    await daemon.runContainer(id, ["sleep", "1000"], { namespace });
    assertMatch(
      await daemon.ctr("--namespace", namespace, "task", "ls"),
      new RegExp(`^${id} +[0-9]+ +RUNNING`, "m"),
    );
    assertEquals(isThere(`${daemon.bundles}/${namespace}/${id}/config.json`), true);
    assertNotEquals(findProcesses([id]), []);
  }
});
