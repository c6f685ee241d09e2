import {
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";

import { Names, type Thing } from "../../gen/codegen/names_pb.ts";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { type Route, RouteTable } from "../../src/server/route_table.ts";

const PURE = { permissions: "none" } as const;
const GREETER = "greeter.v1.Greeter";

function routeOf(table: RouteTable, service: string, method: string): Route {
  const route = table.find(service, method);
  if (typeof route === "string") throw new Error(`There is no such ${route}`);
  return route;
}

Deno.test("RouteTable.find() gives the route of a method by the names on the wire", PURE, () => {
  const table = new RouteTable();
  assertStrictEquals(table.service(Greeter, { helloAll: () => ({ text: "" }) }), table);
  assertStrictEquals(table.rpc(Plain.method.repeat, (text) => text), table);
  const { method, sendsStream, repliesStream, requests, replies } = routeOf(table, GREETER, "HelloAll").info;
  assertStrictEquals(method, Greeter.method.helloAll);
  assertEquals([sendsStream, repliesStream], [true, false]);
  assertEquals(requests.typeName, "greeter.v1.HelloRequest");
  assertEquals(replies.typeName, "greeter.v1.HelloReply");
  assertStrictEquals(routeOf(table, "Plain", "Repeat").info.method, Plain.method.repeat);
});

Deno.test("[S9] RouteTable.find() tells an unknown service from an unknown method", PURE, () => {
  const table = new RouteTable().service(Greeter, { hello: () => ({}), count: undefined });
  for (
    const [service, method, missing] of [
      [GREETER, "Count", "method"],
      [GREETER, "Chat", "method"],
      [GREETER, "hello", "method"],
      [GREETER, "toString", "method"],
      ["Greeter", "Hello", "service"],
      ["constructor", "Hello", "service"],
      ["", "", "service"],
    ] as const
  ) {
    assertEquals(table.find(service, method), missing, `${service}/${method}`);
  }
  assertEquals(new RouteTable().service(Plain, {}).find("Plain", "Repeat"), "method");
});

Deno.test("RouteTable.service() calls functions as methods of their object", PURE, () => {
  class Counter {
    #calls = 0;
    hello() {
      return { text: String(++this.#calls) };
    }
  }
  const route = routeOf(new RouteTable().service(Greeter, new Counter()), GREETER, "Hello");
  const call: (input: unknown, context: never) => unknown = route.handler;
  const noContext = undefined as never;
  assertEquals([call({}, noContext), call({}, noContext)], [{ text: "1" }, { text: "2" }]);
});

Deno.test("RouteTable refuses what was added before", PURE, () => {
  const hello = () => ({ text: "" });
  const twice = new RouteTable().service(Greeter, {});
  assertThrows(() => twice.service(Greeter, { hello }), TypeError, `Cannot add service ${GREETER}: it was`);
  const both = new RouteTable().rpc(Greeter.method.hello, hello);
  const message = `Cannot add method Hello of ${GREETER}: it was added before`;
  assertThrows(() => both.rpc(Greeter.method.hello, hello), TypeError, message);
  assertThrows(() => both.service(Greeter, { hello }), TypeError, message);
});

Deno.test("RouteTable takes single methods before and after the rest of their service", PURE, () => {
  const hello = () => ({ text: "" });
  const table = new RouteTable().rpc(Greeter.method.hello, hello);
  table.service(Greeter, { count: () => [] }).rpc(Greeter.method.chat, () => []);
  for (const method of ["Hello", "Count", "Chat"]) {
    assertNotEquals(table.find(GREETER, method), "method");
  }
  assertInstanceOf(routeOf(table, GREETER, "Hello").handler, Function);
});

Deno.test("[S9] RouteTable takes nothing for an implementation that every object inherits", PURE, () => {
  assertEquals(new RouteTable().service(Names, {}).find(Names.typeName, "HasOwnProperty"), "method");
  const own = { hasOwnProperty: (thing: Thing) => thing };
  assertInstanceOf(
    routeOf(new RouteTable().service(Names, own), Names.typeName, "HasOwnProperty").handler,
    Function,
  );
});
