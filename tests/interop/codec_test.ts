import { assertEquals } from "@std/assert";
import { EchoRequestSchema } from "../../gen/interop/v1/interop_pb.ts";
import { messageCodec } from "../../src/rpc/message_codec.ts";

/** More messages than are left to protobuf-es before a type is compiled. */
const MESSAGES = 100;

/** Whether messages are encoded by compiled code: that reads a field as it writes it, protobuf-es before. */
function isCompiled(): boolean {
  const codec = messageCodec(EchoRequestSchema);
  const out = new Uint8Array(100);
  let reads = 0;
  let readsInSize = 0;
  for (let i = 0; i < MESSAGES; i++) {
    reads = 0;
    const message = {
      get text() {
        reads++;
        return "text";
      },
    };
    codec.size(message);
    readsInSize = reads;
    codec.encodeInto(message, out, 0);
  }
  return reads > readsInSize;
}

Deno.test("Interop tests use compiled code, and none where they are run with protobuf-es alone", () => {
  assertEquals(isCompiled(), !Deno.args.includes("--protobuf-es"));
});
