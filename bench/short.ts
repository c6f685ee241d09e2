/**
 * `deno task bench:short`: runs every bench of this folder a few times, to see that it works. Deno's own command
 * measures each for half a second at least.
 *
 * @module
 */

interface Bench {
  name: string;
  fn: (context: Deno.BenchContext) => void | Promise<void>;
}

const RUNS = 3;
const benches: Bench[] = [];

/** Stands in for `Deno.bench` in those of its forms that are in use here. */
function collect(
  ...args: [name: string, ...rest: [Bench["fn"]] | [Deno.BenchDefinition, Bench["fn"]]]
): void {
  const fn = args.at(-1);
  if (typeof fn !== "function") throw new TypeError(`Cannot run ${args[0]}: its function does not come last`);
  benches.push({ name: args[0], fn });
}

Reflect.set(Deno, "bench", collect);
for await (const { name } of Deno.readDir(import.meta.dirname ?? "")) {
  if (name.endsWith("_bench.ts")) await import(new URL(name, import.meta.url).href);
}
for (const { name, fn } of benches) {
  for (let i = 0; i < RUNS; i++) await fn({ name, origin: import.meta.url, start() {}, end() {} });
  console.log(`ok  ${name}`);
}
if (benches.length === 0) throw new Error("Cannot run benches: there is none");
Deno.exit();
