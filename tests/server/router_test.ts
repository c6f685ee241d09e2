import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { RouteTable } from "../../src/server/route_table.ts";
import { createRouter, resolveRoutes } from "../../src/server/create_router.ts";
import type { Router, Routes } from "../../src/server/router.ts";

const PURE = { permissions: "none" } as const;

Deno.test("resolveRoutes() takes a router as it is", PURE, () => {
  const router = createRouter();
  assertInstanceOf(router, RouteTable);
  assertStrictEquals(resolveRoutes(router), router);
});

Deno.test("resolveRoutes() fills a fresh router each time", PURE, () => {
  const routes: Routes = (router) => router.service(Plain, { repeat: (text) => text });
  const [one, other] = [resolveRoutes(routes), resolveRoutes(routes)];
  assertEquals(one === other, false);
  assertEquals(typeof other.find("Plain", "Repeat"), "object");
});

Deno.test("resolveRoutes() refuses what is no router", PURE, () => {
  class OwnRouter implements Router {
    service(): this {
      return this;
    }
    rpc(): this {
      return this;
    }
  }
  assertThrows(() => resolveRoutes(new OwnRouter()), TypeError, "neither a function nor a router made by");
});

Deno.test("resolveRoutes() refuses routes that would be filled later", PURE, () => {
  const routes = async (router: Router) => {
    await Promise.resolve();
    router.service(Plain, {});
  };
  assertThrows(() => resolveRoutes(routes), TypeError, "Cannot serve: routes is asynchronous");
});
