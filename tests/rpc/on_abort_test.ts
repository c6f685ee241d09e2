import { assertEquals } from "@std/assert";
import { getEventListeners } from "node:events";
import { onAbort } from "../../src/rpc/on_abort.ts";

/** How many listeners a signal has. */
function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

Deno.test("onAbort() calls all back once, on one listener", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const log: string[] = [];
  for (const name of ["first", "second"]) onAbort(signal, () => log.push(name));
  const forget = onAbort(signal, () => log.push("forgotten"));
  assertEquals(listeners(signal), 1);
  forget();
  controller.abort();
  controller.abort();
  forget();
  assertEquals([log, listeners(signal)], [["first", "second"], 0]);
});

Deno.test("onAbort() leaves no listener once the last callback was forgotten", () => {
  const controller = new AbortController();
  const log: string[] = [];
  const forget = ["first", "second"].map((name) => onAbort(controller.signal, () => log.push(name)));
  for (const each of forget) each();
  assertEquals(listeners(controller.signal), 0);
  onAbort(controller.signal, () => log.push("third"));
  controller.abort();
  assertEquals(log, ["third"]);
});

Deno.test("onAbort() lets a callback forget another one", () => {
  const controller = new AbortController();
  const log: string[] = [];
  onAbort(controller.signal, () => {
    log.push("first");
    forget();
  });
  const forget = onAbort(controller.signal, () => log.push("second"));
  controller.abort();
  assertEquals(log, ["first"]);
});

Deno.test("onAbort() calls back though one before throws, and for a signal of another make", () => {
  const errors: unknown[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error.message);
  };
  addEventListener("error", onError);
  const target = new EventTarget();
  const log: string[] = [];
  onAbort(target as AbortSignal, () => {
    throw new Error("the first one");
  });
  onAbort(target as AbortSignal, () => log.push("second"));
  target.dispatchEvent(new Event("abort"));
  removeEventListener("error", onError);
  assertEquals([errors, log], [["the first one"], ["second"]]);
});
