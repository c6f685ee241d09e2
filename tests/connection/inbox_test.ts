import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Inbox } from "../../src/connection/inbox.ts";
import type { ReceiveBuffer } from "../../src/connection/receive_flow.ts";
import { settled } from "../settled.ts";

const OPERATIONS = ["push", "next", "end", "fail", "abort", "discard"] as const;
type Operation = typeof OPERATIONS[number];

/**
 * What each `next()` came to, in the order of the calls: a message's number, the end, an error, or nothing
 * yet.
 */
type Outcomes = (number | "end" | "fail" | "abort" | "pending")[];

/** What must come of some operations, by the words of the documentation. */
function expectedOutcomes(operations: readonly Operation[]): Outcomes {
  const outcomes: Outcomes = [];
  const readers: number[] = [];
  let waiting: number[] = [];
  let end: "end" | "fail" | "abort" | undefined;
  const close = (how: "end" | "fail" | "abort") => {
    end = how;
    for (const reader of readers.splice(0)) outcomes[reader] = how;
  };
  operations.forEach((operation, number) => {
    if (operation === "next") {
      const outcome = waiting.shift() ?? end ?? "pending";
      if (outcome === "pending") readers.push(outcomes.length);
      outcomes.push(outcome);
    } else if (operation === "push" && end === undefined) {
      const reader = readers.shift();
      if (reader === undefined) waiting.push(number);
      else outcomes[reader] = number;
    } else if (operation === "end" || operation === "fail") {
      if (end === undefined) close(operation);
    } else if (operation === "abort" && !(end === "end" && waiting.length === 0)) {
      waiting = [];
      close("abort");
    } else if (operation === "discard") {
      waiting = [];
      close("end");
    }
  });
  return outcomes;
}

/** Does some operations on an inbox; the outcomes are there once promises have settled. */
function perform(operations: readonly Operation[]): Outcomes {
  const inbox = new Inbox((bytes) => bytes[0]);
  const outcomes: Outcomes = [];
  const next = () => {
    const at = outcomes.push("pending") - 1;
    inbox.next().then(
      (result) => outcomes[at] = result.value ?? "end",
      (error) => outcomes[at] = error,
    );
  };
  operations.forEach((operation, number) => {
    if (operation === "next") next();
    else if (operation === "push") inbox.push(new Uint8Array([number]), true);
    else if (operation === "end" || operation === "discard") inbox[operation]();
    else inbox[operation](operation);
  });
  return outcomes;
}

/** Every sequence of so many operations. */
function sequences(length: number): Operation[][] {
  if (length === 0) return [[]];
  return sequences(length - 1).flatMap((begin) => OPERATIONS.map((operation) => [...begin, operation]));
}

Deno.test("Inbox gives what it must in every order of five operations", { permissions: "none" }, async () => {
  const all = sequences(5);
  const outcomes = all.map(perform);
  await settled();
  all.forEach((operations, i) => {
    assertEquals(outcomes[i], expectedOutcomes(operations), operations.join());
  });
});

Deno.test("Inbox gives messages in their order to many that wait", { permissions: "none" }, async () => {
  const inbox = new Inbox((bytes) => bytes[0]);
  const early = Array.from({ length: 3 }, () => inbox.next());
  for (let i = 0; i < 5; i++) inbox.push(new Uint8Array([i]), true);
  const late = Array.from({ length: 3 }, () => inbox.next());
  inbox.end();
  const values = (await Promise.all([...early, ...late])).map(({ value }) => value);
  assertEquals(values, [0, 1, 2, 3, 4, undefined]);
});

Deno.test("Inbox gives messages in order to one always behind", { permissions: "none" }, async () => {
  const inbox = new Inbox((bytes) => new DataView(bytes.buffer).getUint32(0));
  const push = (number: number) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, number);
    inbox.push(bytes, true);
  };
  for (let i = 0; i < 3000; i++) push(i);
  for (let i = 0; i < 10_000; i++) {
    push(3000 + i);
    assertEquals((await inbox.next()).value, i);
  }
  inbox.end();
  for (let i = 10_000; i < 13_000; i++) assertEquals((await inbox.next()).value, i);
  assertEquals((await inbox.next()).done, true);
});

Deno.test("Inbox gives what decoding throws to its reader alone", { permissions: "none" }, async () => {
  const inbox = new Inbox((bytes) => {
    if (bytes.length === 0) throw new Error("empty");
    return bytes.length;
  });
  const waiting = inbox.next();
  for (const length of [0, 1, 0, 2]) inbox.push(new Uint8Array(length), true);
  await assertRejects(() => waiting, Error, "empty");
  assertEquals((await inbox.next()).value, 1);
  await assertRejects(() => inbox.next(), Error, "empty");
  assertEquals((await inbox.next()).value, 2);
});

Deno.test("Inbox decodes a message only when it is asked for", { permissions: "none" }, async () => {
  let decoded = 0;
  const inbox = new Inbox(() => ++decoded);
  for (let i = 0; i < 3; i++) inbox.push(new Uint8Array(1), true);
  assertEquals(decoded, 0);
  await inbox.next();
  inbox.discard();
  assertEquals(decoded, 1);
});

Deno.test("Inbox can be aborted by its decoder", { permissions: "none" }, async () => {
  const inbox: Inbox<never> = new Inbox(() => {
    inbox.abort(new Error("aborted"));
    throw new Error("undecodable");
  });
  const [first, second] = [inbox.next(), inbox.next()];
  inbox.push(new Uint8Array(1), true);
  await assertRejects(() => first, Error, "undecodable");
  await assertRejects(() => second, Error, "aborted");
});

Deno.test("Inbox.isEnded says whether messages can be added", { permissions: "none" }, () => {
  for (const operation of ["end", "fail", "abort", "discard"] as const) {
    const inbox = new Inbox((bytes) => bytes);
    inbox.push(new Uint8Array(0), true);
    assertEquals(inbox.isEnded, false);
    inbox[operation](undefined);
    assertEquals(inbox.isEnded, true, operation);
  }
});

Deno.test("[B3] Inbox copies lent bytes only if they have to wait", { permissions: "none" }, async () => {
  const inbox = new Inbox((bytes) => [bytes]);
  for (const isOwned of [true, false]) {
    const bytes = new Uint8Array([7]);
    const reader = inbox.next();
    inbox.push(bytes, isOwned);
    assertStrictEquals((await reader).value?.[0], bytes);
    inbox.push(bytes, isOwned);
    bytes.fill(0xaa);
    assertEquals((await inbox.next()).value?.[0], new Uint8Array([isOwned ? 0xaa : 7]));
  }
});

Deno.test("Inbox says whether a message may keep its bytes", { permissions: "none" }, async () => {
  for (const length of [10, 5000]) {
    const inbox = new Inbox((_bytes, isOwned) => isOwned);
    for (const isOwned of [true, false]) {
      const reader = inbox.next();
      inbox.push(new Uint8Array(length), isOwned);
      assertEquals((await reader).value, isOwned, "handed directly");
      inbox.push(new Uint8Array(length), isOwned);
      assertEquals((await inbox.next()).value, true, "after waiting");
    }
  }
});

/** A buffer that keeps what it is told. */
class RecordingBuffer implements ReceiveBuffer {
  readonly log: (string | number)[] = [];

  add(bytes: number): void {
    this.log.push(bytes);
  }

  remove(bytes: number): void {
    this.log.push(-bytes);
  }

  clear(): void {
    this.log.push("clear");
  }

  end(): void {
    this.log.push("end");
  }
}

Deno.test("[B3] Inbox counts messages while they wait", { permissions: "none" }, async () => {
  const buffer = new RecordingBuffer();
  const inbox = new Inbox((bytes) => bytes);
  inbox.countIn(buffer);
  const first = inbox.next();
  for (const bytes of [1, 2, 3, 4]) inbox.push(new Uint8Array(bytes), true);
  await first;
  await inbox.next();
  inbox.end();
  await inbox.next();
  inbox.discard();
  inbox.push(new Uint8Array(5), true);
  assertEquals(buffer.log, [2, 3, 4, -2, "end", -3, "clear", "end"]);
});

Deno.test("[Z1] Inbox forgets what came on a connection before", { permissions: "none" }, async () => {
  const [before, after] = [new RecordingBuffer(), new RecordingBuffer()];
  const inbox = new Inbox((bytes) => bytes.length);
  inbox.countIn(before);
  inbox.push(new Uint8Array(1), true);
  inbox.countIn(after);
  inbox.push(new Uint8Array(2), true);
  assertEquals((await inbox.next()).value, 2);
  assertEquals([before.log, after.log], [[1, "clear"], [2, -2]]);
});

Deno.test("[B3] Inbox keeps messages in memory that no other stream has a part of", async () => {
  const [a, b] = [new Inbox((bytes) => bytes), new Inbox((bytes) => bytes)];
  for (let i = 0; i < 10; i++) {
    for (const inbox of [a, b]) inbox.push(new Uint8Array([i]), false);
  }
  const buffersOf = async (inbox: Inbox<Uint8Array>) => {
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 10; i++) buffers.add((await inbox.next()).value?.buffer ?? new ArrayBuffer(0));
    return buffers;
  };
  const [ofA, ofB] = [await buffersOf(a), await buffersOf(b)];
  // The first one alone, the others on one page.
  assertEquals([ofA.size, ofB.size, ofA.isDisjointFrom(ofB)], [2, 2, true]);
});
