import { assertEquals, assertStringIncludes } from "@std/assert";
import { go } from "../../interop/go_peers.ts";
import { TempFolder } from "../../net/temp_folder.ts";
import { runToEnd } from "../../run_to_end.ts";
import { buildShim } from "./build_shim.ts";
import { findObstacle } from "./requirements.ts";

// Other tests tell why, where no test can use a shim.
if (await findObstacle() === undefined) {
  go.test("buildShim() builds once for all who ask at once", async () => {
    using folder = new TempFolder();
    const asked = [buildShim("2.4.2", folder.path), buildShim("2.4.2", folder.path)];
    const [path = "", ...others] = await Promise.all(asked);
    assertEquals(others, [path]);
    assertStringIncludes(await runToEnd(path, ["-v"]), "2.4.2");
    assertEquals(folder.names(), ["2.4.2", "lock"]);
  });
}
