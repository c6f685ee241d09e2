// Runs a container whose standard streams are this program's: <shim> <bundle> <id> <name of runc>.
import { startShim } from "../../src/shim/mod.ts";

const [path = "", bundle = "", id = "", binaryName = ""] = Deno.args;
const INHERIT = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;

await using shim = await startShim({ path, bundle, id });
await using task = await shim.create({ runc: { binaryName }, ...INHERIT });
await task.start();
await task.wait();
// What it has written is on its way until then.
await task.delete();
console.log("deleted");
