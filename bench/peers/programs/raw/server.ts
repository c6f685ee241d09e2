// Sends back whatever comes, with nothing but `conn.read` and `conn.write`, until its stdin ends.
import { stdinEnd } from "../js/deno_lines.ts";

const listener = Deno.listen({ transport: "unix", path: Deno.args[0] ?? "" });
acceptAll();
console.log("ready");
await stdinEnd();
Deno.exit();

async function acceptAll(): Promise<void> {
  for await (const socket of listener) echo(socket);
}

async function echo(socket: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let read = await socket.read(buffer); read !== null; read = await socket.read(buffer)) {
    for (let at = 0; at < read;) at += await socket.write(buffer.subarray(at, read));
  }
  socket.close();
}
