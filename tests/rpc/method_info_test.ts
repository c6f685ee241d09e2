import { assertEquals, assertStrictEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { methodInfo } from "../../src/rpc/method_info.ts";
import { decodeRequest } from "../../src/wire/request_envelope.ts";

Deno.test("methodInfo() tells the four kinds apart", { permissions: "none" }, () => {
  const { hello, count, helloAll, chat } = Greeter.method;
  const kinds = [hello, count, helloAll, chat].map((method) => {
    const { sendsStream, repliesStream } = methodInfo(method);
    return [sendsStream, repliesStream];
  });
  assertEquals(kinds, [[false, false], [false, true], [true, false], [true, true]]);
});

Deno.test("methodInfo() is worked out once, with the names of the wire", { permissions: "none" }, () => {
  const info = methodInfo(Greeter.method.helloAll);
  assertStrictEquals(methodInfo(Greeter.method.helloAll), info);
  const { service, method } = decodeRequest(info.requestHead.bytes);
  assertEquals([service, method], ["greeter.v1.Greeter", "HelloAll"]);
});
