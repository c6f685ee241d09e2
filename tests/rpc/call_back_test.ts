import { assertEquals } from "@std/assert";
import { callBack } from "../../src/rpc/call_back.ts";
import { settled } from "../settled.ts";

Deno.test("callBack() calls in a turn of its own, and prints what is thrown or rejected", async () => {
  const { error } = console;
  const printed: unknown[][] = [];
  console.error = (...data) => printed.push(data);
  try {
    const mistakes = [new Error("thrown"), new Error("rejected")];
    let calls = 0;
    callBack(() => calls++);
    callBack(() => {
      throw mistakes[0];
    });
    callBack(() => Promise.reject(mistakes[1]));
    assertEquals(calls, 0);
    await settled();
    assertEquals([calls, printed], [1, mistakes.map((mistake) => [mistake])]);
  } finally {
    console.error = error;
  }
});
