import { assertEquals, assertLess } from "@std/assert";
import { concat } from "@std/bytes";
import { Interop } from "../../gen/interop/v1/interop_pb.ts";
import { decodeResponse, encodeFrame, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { dataFrame, EMPTY, requestFrame } from "../call_frames.ts";
import { callFrame } from "./attack_frames.ts";
import { attackServer } from "./attack_server.ts";
import { Attacker } from "./attacker.ts";
import type { VictimProcess } from "./victim_process.ts";

const MEBIBYTE = 1_048_576;
/** What a server with the default limits holds for a client that does not read, and what one chunk may add. */
const MOST_QUEUED_BYTES = 2 * MEBIBYTE;

attackServer("[S14] serve() stands requests whose answers nobody reads", {
  limitsMiB: 2,
  async run(attacker, victim) {
    const call = callFrame(1, { payload: new Uint8Array(10_000) });
    const calls = Array.from({ length: 2_000 }, (_, index) => ({ ...call, streamId: 2 * index + 1 }));
    attacker.floodUnread(1, ...calls);
    await assertBounded(attacker, victim);
  },
});

attackServer("[S1, S2, S4, S14] serve() stands rubbish that wants answers, which nobody reads", {
  limitsMiB: 2,
  async run(attacker, victim) {
    const even = dataFrame(2, EMPTY);
    const unknown = dataFrame(999_999, EMPTY);
    const used = requestFrame(1, Interop.method.echo, 0);
    const undecodable = { ...used, body: new Uint8Array([0xff]) };
    const nameless = { ...used, body: EMPTY };
    attacker.floodUnread(1_000_000, even, unknown, used, undecodable, nameless);
    await assertBounded(attacker, victim);
  },
});

/** Waits until a server takes nothing more, though there is more, and looks what it holds. */
async function assertBounded(attacker: Attacker, victim: VictimProcess): Promise<void> {
  await victim.until(({ queuedBytes }) => queuedBytes >= MEBIBYTE);
  for (let taken = -1; taken < attacker.takenBytes;) {
    taken = attacker.takenBytes;
    for (let i = 0; i < 50; i++) await victim.report();
  }
  const { stats: { queuedBytes } } = await victim.report();
  assertLess(queuedBytes, MOST_QUEUED_BYTES);
}

/** A field of megabytes. */
function field(number: number, value: Uint8Array): Uint8Array {
  const { length } = value;
  const varint = [length & 0x7f | 0x80, length >> 7 & 0x7f | 0x80, length >> 14 & 0x7f | 0x80, length >> 21];
  return concat([new Uint8Array([number << 3 | 2, ...varint]), value]);
}

const LONG = new Uint8Array(4_194_304 - 64).fill(97);
/** Groups in groups, none of which ends. */
const GROUPS = LONG.slice().fill(15 << 3 | 3);
/** Two bytes for each of two million. */
const NO_METADATA = concat(new Array<Uint8Array>(LONG.length / 2).fill(new Uint8Array([5 << 3 | 2, 0])));
const ECHO = callFrame(1, {}).body;

/** Bodies about as long as they may be, the code of the answer. */
const LONG_REQUESTS: Record<string, { rules?: string; body: Uint8Array; code: Code }> = {
  "a service": { rules: "[S9] ", body: field(1, LONG), code: Code.Unimplemented },
  "a method": { rules: "[S9] ", body: concat([ECHO, field(2, LONG)]), code: Code.Unimplemented },
  "a key": { body: concat([ECHO, field(5, field(1, LONG))]), code: Code.Ok },
  "a value": { body: concat([ECHO, field(5, field(2, LONG))]), code: Code.Ok },
  "groups": { rules: "[S10] ", body: concat([ECHO, GROUPS]), code: Code.InvalidArgument },
  "groups in its message": { rules: "[S10] ", body: concat([ECHO, field(3, GROUPS)]), code: Code.Internal },
  "empty metadata": { rules: "[E6] ", body: concat([ECHO, NO_METADATA]), code: Code.InvalidArgument },
};

for (const [what, { rules = "", body, code }] of Object.entries(LONG_REQUESTS)) {
  attackServer(`${rules}serve() stands requests with ${what} of four megabytes`, {
    limitsMiB: 64,
    async run(attacker) {
      for (let streamId = 1; streamId < 8; streamId += 2) {
        const sent = attacker.send({ streamId, type: FrameType.Request, flags: 0, body });
        const answer = decodeResponse((await attacker.answerOn(streamId)).body);
        assertEquals(answer.status?.code ?? Code.Ok, code);
        await sent;
      }
    },
  });
}

attackServer("serve() stands headers that announce four megabytes, and nothing after", {
  limitsMiB: 64,
  async run(_, victim, address) {
    await withAttackers(address, 200, async (attackers) => {
      await Promise.all(attackers.map((attacker) => attacker.sendBytes(header(4_194_304))));
      await victim.until(({ connections, receivedBytes }) => connections >= 200 && receivedBytes >= 2_000);
    });
  },
});

attackServer("serve() stands halves of frames, and nothing after", {
  limitsMiB: 20 * 4,
  async run(_, victim, address) {
    await withAttackers(address, 20, async (attackers) => {
      const half = concat([header(4_194_304), new Uint8Array(2_097_152).fill(1)]);
      await Promise.all(attackers.map((attacker) => attacker.sendBytes(half)));
      await victim.until(({ receivedBytes }) => receivedBytes >= 20 * half.length);
    });
  },
});

attackServer("serve() stands clients that send byte by byte", {
  limitsMiB: 1,
  async run(_attacker, _victim, address) {
    const bytes = encodeFrame(callFrame(1, { text: "slow" }));
    await withAttackers(address, 100, async (attackers) => {
      for (const byte of bytes) {
        await Promise.all(attackers.map((attacker) => attacker.sendBytes(new Uint8Array([byte]))));
      }
      for (const attacker of attackers) assertEquals((await attacker.answerOn(1)).body.length, 8);
    });
  },
});

/** A header of a Request. */
function header(length: number): Uint8Array {
  const bytes = encodeFrame({ streamId: 1, type: FrameType.Request, flags: 0, body: EMPTY });
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

async function withAttackers(
  address: string,
  count: number,
  run: (attackers: Attacker[]) => Promise<void>,
): Promise<void> {
  using all = new DisposableStack();
  const attackers: Attacker[] = [];
  for (let i = 0; i < count; i++) attackers.push(all.use(await Attacker.connect(address)));
  await run(attackers);
}
