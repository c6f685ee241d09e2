// Runs a command in a container of busybox, with a shim and nothing else: no containerd, no image.
//
//   deno run -A examples/shim/run.ts [command…]
//
// as root, on a host with Debian's packages containerd, runc and busybox-static.
import { TtrpcError } from "@ttrpc/ttrpc";
import { type Shim, type ShimEvents, startShim, type Task } from "@ttrpc/ttrpc/shim";
import { makeBusyboxBundle } from "./busybox_bundle.ts";

const GREETING = [
  "sh",
  "-c",
  'echo "Hello from $(hostname)"; read word; echo "The word is $word" >&2; exit 3',
];

/** Resolves to the command's exit code, once the container, the shim and the bundle are gone. */
export async function main(args: string[]): Promise<number> {
  await using bundle = await makeBusyboxBundle(args.length > 0 ? args : GREETING);
  const telling: Promise<void>[] = [];
  const exitStatus = await (async () => {
    await using shim = await startShim({ id: bundle.id, bundle: bundle.path, events: true });
    console.log(`Shim ${shim.pid} serves version ${shim.taskVersion} of Task`);
    if (shim.events !== undefined) telling.push(tellEvents(shim.events));
    return await runContainer(shim);
  })();
  await Promise.all(telling);
  console.log(`Exit code ${exitStatus}`);
  return exitStatus;
}

async function runContainer(shim: Shim): Promise<number> {
  await using task = await shim.create({ stdin: "piped", stdout: "piped", stderr: "piped" });
  const printing = Promise.all([print("stdout", task.stdout), print("stderr", task.stderr)]);
  const waiting = task.wait();
  console.log(`Container ${task.id} runs as process ${await task.start()}`);

  await lookInto(task);

  await give(task, "sesame\n");
  const { exitStatus } = await waiting;
  await printing;
  return exitStatus;
}

/** A command that ends at once has nothing to look into. */
async function lookInto(task: Task): Promise<void> {
  try {
    await using ps = await task.exec({ args: ["ps", "-o", "pid,args"], env: ["PATH=/bin"], stdout: "piped" });
    await ps.start();
    await print("ps", ps.stdout);
    console.log(`ps ended with ${(await ps.wait()).exitStatus}`);
  } catch (error) {
    if (!(error instanceof TtrpcError)) throw error;
    console.log(`ps: ${error.rawMessage}`);
  }
}

/** A command that has ended takes no input. */
async function give(task: Task, text: string): Promise<void> {
  const writer = task.stdin?.getWriter();
  try {
    await writer?.write(new TextEncoder().encode(text));
    await writer?.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function print(name: string, stream: ReadableStream<Uint8Array> | undefined): Promise<void> {
  for await (const text of stream?.pipeThrough(new TextDecoderStream()) ?? []) {
    for (const line of text.trimEnd().split("\n")) console.log(`${name}: ${line}`);
  }
}

async function tellEvents(events: ShimEvents): Promise<void> {
  for await (const { topic, message } of events) console.log(`event: ${topic} ${message?.$typeName}`);
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
