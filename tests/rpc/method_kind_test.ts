import { assertEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { repliesStream, sendsStream } from "../../src/rpc/method_kind.ts";

Deno.test("sendsStream() and repliesStream() tell the four kinds apart", { permissions: "none" }, () => {
  const { hello, count, helloAll, chat } = Greeter.method;
  const kinds = [hello, count, helloAll, chat].map((method) => [sendsStream(method), repliesStream(method)]);
  assertEquals(kinds, [[false, false], [false, true], [true, false], [true, true]]);
});
