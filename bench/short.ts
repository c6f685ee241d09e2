/**
 * `deno task bench:short`: runs each bench of this folder a few times, to see that it works. Deno's own command
 * measures each for half a second at least.
 *
 * @module
 */

type BenchFunction = Deno.BenchDefinition["fn"];

/** How often each bench runs. */
const RUNS = 3;

const benches: { name: string; fn: BenchFunction }[] = [];

/** Stands in for `Deno.bench`, in all of its forms. */
function collect(...args: (string | BenchFunction | Partial<Deno.BenchDefinition>)[]): void {
  let [name, fn]: [string?, BenchFunction?] = [];
  for (const arg of args) {
    if (typeof arg === "string") name = arg;
    else if (typeof arg === "function") fn = arg;
    else [name, fn] = [arg.name ?? name, arg.fn ?? fn];
  }
  if (fn === undefined) throw new TypeError(`Cannot run ${name}: it has no function`);
  benches.push({ name: name ?? fn.name, fn });
}

Reflect.set(Deno, "bench", collect);
for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
  if (name.endsWith("_bench.ts")) await import(new URL(name, import.meta.url).href);
}
if (benches.length === 0) throw new TypeError("Cannot run benches: there is none");
for (const { name, fn } of benches) {
  for (let i = 0; i < RUNS; i++) await fn({ name, origin: import.meta.url, start() {}, end() {} });
  console.log(`ok  ${name}`);
}
Deno.exit();
