/**
 * A program without imports, so that a user can run it who may not read this project: connects to the abstract
 * name in its first argument, sends the bytes in its second, and prints as text what it gets until the
 * connection is closed, or for the first time.
 */
const [name = "", bytes = "[]"] = Deno.args;
const conn = await Deno.connect({ transport: "unix", path: `\0${name}` });
try {
  await conn.write(new Uint8Array(JSON.parse(bytes)));
  const reply = new Uint8Array(1000);
  const length = await conn.read(reply) ?? 0;
  await Deno.stdout.write(reply.subarray(0, length));
} catch (error) {
  // The server may close the connection at any moment.
  if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)) throw error;
}
conn.close();
