import { assertEquals } from "@std/assert";
import { Code } from "../../src/rpc/code.ts";
import { decodeCancelNotice } from "../../src/server/cancel_notice.ts";
import { BROKEN, EMPTY, responseFrame, statusFrame, words } from "../call_frames.ts";

const PURE = { permissions: "none" } as const;

Deno.test("[X2] decodeCancelNotice() takes the statuses 1 and 4 for a notice", PURE, () => {
  for (const code of [Code.Canceled, Code.DeadlineExceeded]) {
    assertEquals(decodeCancelNotice(statusFrame(1, code, "whatever").body)?.code, code);
  }
});

Deno.test("[S13] decodeCancelNotice() sees no meaning in any other Response", PURE, () => {
  for (const code of [Code.Ok, Code.Unknown, Code.Unavailable, -1, 4711]) {
    assertEquals(decodeCancelNotice(statusFrame(1, code).body), undefined);
  }
  for (const body of [EMPTY, BROKEN, responseFrame(1, words("Ada")).body]) {
    assertEquals(decodeCancelNotice(body), undefined);
  }
});
