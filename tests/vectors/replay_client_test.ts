import { assertEquals } from "@std/assert";
import { createInteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import { decodeRequest, decodeResponse, encodeRequest, type Frame, FrameType } from "../../src/frame/mod.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { Code } from "../../src/rpc/code.ts";
import { FakeClock } from "../fake_clock.ts";
import { assertFails } from "../interop/assert_fails.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { assertSameFrames } from "./assert_same_frames.ts";
import { CLIENT_DIFFERENCES } from "./client_differences.ts";
import { guard } from "./guard.ts";
import { readSessions, type Session } from "./recorded_session.ts";
import { ReplayedCall } from "./replayed_call.ts";
import { type Difference, differencesOf, readScript, rulesOf, type Script } from "./script.ts";
import { socketPair } from "./socket_pair.ts";
import { SCENARIOS } from "./vector_files.ts";
import { assertStats } from "../assert_stats.ts";

/** A timeout is a number of milliseconds on its way, and so comes out a little otherwise. */
const ROUNDING_NANOS = 2000n;

/** What a caller does before the first frame. */
const BEFORE: Record<string, (transport: Transport) => Promise<unknown>> = {
  "request-oversize": (transport) => {
    // All else in the Request takes 36 bytes.
    const call = createInteropClient(transport).echo({ payload: new Uint8Array(4_194_305 - 36) });
    const message = "message length 4194305 exceed maximum message size of 4194304";
    return assertFails(call, Code.ResourceExhausted, message);
  },
};

const used = new Set<Difference>();

for (const scenario of SCENARIOS) {
  for (const session of await readSessions(scenario)) {
    const { client, server } = session;
    const differences = differencesOf(CLIENT_DIFFERENCES, scenario, session);
    differences.forEach((difference) => used.add(difference));
    const rules = rulesOf(differences);
    Deno.test(
      `${rules}createTransport() calls ${server}'s server in ${scenario} as ${client}'s client`,
      async () => {
        await replay(await readScript(session, differences), session.closedFirst, BEFORE[scenario]);
      },
    );
  }
}

Deno.test("createTransport() makes every difference that is listed", () => {
  assertEquals(CLIENT_DIFFERENCES.filter((difference) => !used.has(difference)), []);
});

/** Does what the client has done; the server says what it has said, each frame at its time. */
async function replay(
  { frames, atClose }: Script,
  closedFirst: Session["closedFirst"],
  before?: (transport: Transport) => Promise<unknown>,
): Promise<void> {
  using peer = new ScriptedPeer(await socketPair());
  using _guard = guard(peer);
  // Time stands still, so that only those deadlines pass that have to.
  const time = new FakeClock();
  using _clock = time.install();
  await using transport = createTransport({ connect: () => Promise.resolve(peer.duplex) });
  const calls = new Map<number, ReplayedCall>();
  let lateFrames = 0;
  await before?.(transport);
  for (const frame of frames) {
    const call = calls.get(frame.streamId);
    if (frame.dir === "s2c") {
      peer.send(frame);
      if (call === undefined || call.isOver) lateFrames++;
      else await call.receive(frame);
      continue;
    }
    if (frame.type === FrameType.Request) calls.set(frame.streamId, new ReplayedCall(transport, frame));
    else if (frame.type === FrameType.Data) call?.send(frame);
    else if (call !== undefined) await giveUp(call, time, frame);
    assertSameFrames([roundTimeout(await peer.next(), frame)], [frame]);
  }
  const open = calls.values().filter(({ isOver }) => !isOver).toArray();
  if (open.length > 0 && closedFirst === "client") {
    await transport.close();
    for (const call of open) await call.assertFailure(Code.Canceled, "The transport is closed");
  } else {
    await peer.closeWrite();
    for (const call of open) await call.assertFailure(Code.Unavailable, "Connection closed by the server");
  }
  assertSameFrames(await peer.rest(), atClose);
  assertStats(transport.stats(), { openCalls: 0, lateFrames });
}

/** Does what a notice tells of. */
async function giveUp(call: ReplayedCall, time: FakeClock, { body }: Frame): Promise<void> {
  const code = decodeResponse(body).status?.code;
  if (code !== Code.DeadlineExceeded) return await call.giveUp();
  time.advance(Math.ceil(call.timeoutMs));
  await call.assertFailure(code, "context deadline exceeded");
}

/** Gives a Request the timeout of another one if they are as good as the same. */
function roundTimeout(frame: Frame, other: Frame): Frame {
  if (frame.type !== FrameType.Request || other.type !== FrameType.Request) return frame;
  const request = decodeRequest(frame.body);
  const { timeoutNanos } = decodeRequest(other.body);
  const off = request.timeoutNanos - timeoutNanos;
  if (off === 0n || off > ROUNDING_NANOS || off < -ROUNDING_NANOS) return frame;
  return { ...frame, body: encodeRequest({ ...request, timeoutNanos }) };
}
