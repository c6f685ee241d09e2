import { assertEquals } from "@std/assert";

/** Has messages encoded and decoded until code has been compiled for them, if that is allowed. */
const PROGRAM = `
import { NameSchema } from "${import.meta.resolve("../../../gen/mix/v1/mix_pb.ts")}";
import { mayCompile } from "${import.meta.resolve("../../../src/rpc/codec/compile.ts")}";
import { messageCodec } from "${import.meta.resolve("../../../src/rpc/message_codec.ts")}";
const codec = messageCodec(NameSchema);
for (let i = 0; i < 100; i++) {
  const bytes = new Uint8Array(codec.size({ name: "a" + i }));
  codec.encodeInto({ name: "a" + i }, bytes, 0);
  if (codec.decode(bytes).name !== "a" + i) throw new Error("Another message");
}
console.log(mayCompile());
`;

const RUNTIMES: [about: string, flags: string[], answer: string][] = [
  ["by default", [], "true"],
  ["not if V8 forbids it", ["--v8-flags=--disallow-code-generation-from-strings"], "false"],
];

for (const [about, flags, answer] of RUNTIMES) {
  Deno.test(`mayCompile() allows to make code ${about}, and messages are the same`, async () => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", ...flags, PROGRAM],
      stderr: "inherit",
    }).output();
    assertEquals([code, new TextDecoder().decode(stdout).trim()], [0, answer]);
  });
}
