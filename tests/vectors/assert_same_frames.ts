import { assert, assertEquals } from "@std/assert";
import { equals } from "@std/bytes";
import { decodeResponse, type Frame, FrameType } from "../../src/frame/mod.ts";

/** As `assertEquals` does it, but fast on long bodies, and in the words of the protocol. */
export function assertSameFrames(actual: readonly Frame[], expected: readonly Frame[]): void {
  assertEquals(actual.map(describe), expected.map(describe));
  actual.forEach(({ body }, index) => {
    assert(equals(body, expected[index]?.body ?? body), `Other bytes in the body of frame ${index}`);
  });
}

function describe({ streamId, type, flags, body }: Frame): string {
  const { status } = type === FrameType.Response ? decodeResponse(body) : {};
  const said = status === undefined ? "" : ` ${status.code} "${status.message.slice(0, 80)}"`;
  const header = `stream ${streamId}, type ${type}, flags ${flags}, ${body.length} bytes`;
  return `${header}:${said} ${body.subarray(0, 80).toHex()}`;
}
