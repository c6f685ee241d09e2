import { assertEquals, assertRejects } from "@std/assert";
import { sendInTurn, type SendLine } from "../../src/connection/send_in_turn.ts";
import { isPending } from "../is_pending.ts";

/** A line in which all wait until a test gives the next one its turn. */
class SlowLine implements SendLine {
  readonly hasRoom = false;
  readonly #waiting: (() => void)[] = [];

  whenRoom(send: () => void): void {
    this.#waiting.push(send);
  }

  advance(): void {
    this.#waiting.shift()?.();
  }
}

Deno.test("[B1] sendInTurn() sends in the sender's turn, and gives what that returns", async () => {
  const line = new SlowLine();
  const sent: number[] = [];
  const all = [1, 2].map((number) => sendInTurn(line, () => sent.push(number)));
  assertEquals([await isPending(Promise.race(all)), sent], [true, []]);
  line.advance();
  assertEquals([await all[0], sent], [1, [1]]);
  line.advance();
  assertEquals([await all[1], sent], [2, [1, 2]]);
});

Deno.test("sendInTurn() rejects with what sending throws, and the line goes on", async () => {
  const line = new SlowLine();
  const failed = sendInTurn(line, () => {
    throw new Error("no luck");
  });
  const next = sendInTurn(line, () => "sent");
  line.advance();
  line.advance();
  await assertRejects(() => failed, Error, "no luck");
  assertEquals(await next, "sent");
});
