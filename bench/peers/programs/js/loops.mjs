// deno-lint-ignore-file explicit-module-boundary-types -- there are no types in JavaScript
// What a client does for a row; each loop resolves to how many calls or messages were done.
import { MessageCheck, messages, payloadAt, payloadsOf, requireSame } from "./payloads.mjs";

/** Keeps `inFlight` unary calls open until the time is over. */
export async function unary(peers, { size, inFlight }, time) {
  const payloads = payloadsOf(size);
  let done = 0;
  async function work(worker) {
    const peer = peers[worker % peers.length];
    for (let n = worker; !time.isOver; n++) {
      const data = payloadAt(payloads, n);
      requireSame((await peer.echo(data)).data, data);
      done++;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => work(worker)));
  return done;
}

/** Server streams of `count` messages, one after the other. */
export async function download([peer], { size, count }, time) {
  let done = 0;
  while (!time.isOver) {
    const check = new MessageCheck();
    await peer.download({ count, size }, (data) => check.next(data));
    done += requireCount(check.count, count);
  }
  return done;
}

/** Uploads of `count` messages, which the server checks, one after the other. */
export async function upload([peer], { size, count }, time) {
  const payloads = payloadsOf(size);
  let done = 0;
  while (!time.isOver) done += requireCount((await peer.upload(messages(payloads, count))).count, count);
  return done;
}

/** Streams of `count` messages each way, one after the other; messages are sent while others come back. */
export async function exchange([peer], { size, count }, time) {
  const payloads = payloadsOf(size);
  let done = 0;
  while (!time.isOver) {
    const check = new MessageCheck();
    await peer.exchange(messages(payloads, count), (data) => check.next(data));
    done += requireCount(check.count, count);
  }
  return done;
}

function requireCount(actual, expected) {
  if (actual !== expected) throw new Error(`Got ${actual} messages instead of ${expected}`);
  return actual;
}
