// The pieces of the hot path, each beside what it is there to avoid: ARCHITECTURE.md gives the figures.
import { buffers } from "../src/connection/buffer_pool.ts";
import { StreamTable } from "../src/connection/stream_table.ts";
import { clock } from "../src/rpc/clock.ts";
import { onAbort } from "../src/rpc/on_abort.ts";
import {
  decodeRequest,
  decodeRequestAfter,
  encodeRequest,
  encodeRequestHead,
} from "../src/wire/request_envelope.ts";
import { RequestHeads } from "../src/wire/request_heads.ts";

for (const bytes of [4096, 65_536, 262_144]) {
  const group = `${bytes} bytes`;
  Deno.bench(`new buffer of ${group}`, { group, baseline: true }, () => {
    new Uint8Array(bytes);
  });
  Deno.bench(`pooled buffer of ${group}`, { group }, () => {
    buffers.giveBack(buffers.take(bytes));
  });
}

const KNOWN_METHODS = 1000;
const heads = new RequestHeads<ReturnType<typeof encodeRequestHead>>();
const requests = Array.from({ length: KNOWN_METHODS }, (_, i) => {
  const head = encodeRequestHead(`greeter.v1.Greeter${i}`, "Hello");
  heads.add(head, head);
  return encodeRequest({ ...head, payload: new Uint8Array(18), timeoutNanos: 0n, metadata: [] });
});
let turn = 0;

function nextRequest(): Uint8Array {
  return requests[turn++ % KNOWN_METHODS] ?? new Uint8Array(0);
}

Deno.bench("Request whose names are decoded", { group: "Request", baseline: true }, () => {
  decodeRequest(nextRequest());
});
Deno.bench(`Request of one of ${KNOWN_METHODS} known methods`, { group: "Request" }, () => {
  const request = nextRequest();
  decodeRequestAfter(heads.find(request), request);
});

const OPEN_CALLS = 256;
const call = {};
const map = new Map<number, object>();
const slots = new StreamTable<object>();
let [idInMap, idInSlots] = [1, 1];

function replaceInMap(): void {
  map.set(idInMap, call);
  map.get(idInMap - 2 * OPEN_CALLS);
  map.delete(idInMap - 2 * OPEN_CALLS);
  idInMap += 2;
}

function replaceInSlots(): void {
  slots.add(idInSlots, call);
  slots.get(idInSlots - 2 * OPEN_CALLS);
  slots.remove(idInSlots - 2 * OPEN_CALLS);
  idInSlots += 2;
}

for (let i = 0; i < OPEN_CALLS; i++) {
  replaceInMap();
  replaceInSlots();
}
Deno.bench(`a call in a Map of ${OPEN_CALLS}`, { group: "open calls", baseline: true }, replaceInMap);
Deno.bench(`a call in ${OPEN_CALLS} slots`, { group: "open calls" }, replaceInSlots);

const LATER_MS = 60_000;
clock.callAt(clock.now() + LATER_MS, () => {});
Deno.bench("a timer of its own", { group: "deadline", baseline: true }, () => {
  clearTimeout(setTimeout(() => {}, LATER_MS));
});
Deno.bench("an alarm on the shared timer", { group: "deadline" }, () => {
  clock.callAt(clock.now() + LATER_MS, () => {})();
});

const WAITING = 1000;
const [listenedTo, shared] = [new AbortController().signal, new AbortController().signal];
for (let i = 0; i < WAITING; i++) {
  listenedTo.addEventListener("abort", () => {});
  onAbort(shared, () => {});
}
Deno.bench(`a listener beside ${WAITING} others`, { group: "signal", baseline: true }, () => {
  const listener = () => {};
  listenedTo.addEventListener("abort", listener);
  listenedTo.removeEventListener("abort", listener);
});
Deno.bench(`a callback beside ${WAITING} others`, { group: "signal" }, () => {
  onAbort(shared, () => {})();
});

Deno.bench("promise resolved with a promise", { group: "promise", baseline: true }, async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  resolve(Promise.resolve(1));
  await promise;
});
Deno.bench("promise resolved with a value", { group: "promise" }, async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  resolve(1);
  await promise;
});
