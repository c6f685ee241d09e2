// Starts, deletes or lists shims, and prints what comes of it.
import { deleteShim, listShims, startShim } from "../../../src/shim/mod.ts";

const [what, path = "", id = "", bundle = ""] = Deno.args;
try {
  if (what === "start") await startShim({ path, id, bundle });
  else if (what === "delete") await deleteShim({ path, id, bundle });
  else await listShims();
  console.log("It has worked");
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
