import config from "../../../deno.json" with { type: "json" };
import { pathOf } from "./path.ts";
import { ALL_KINDS, type Side, UNARY } from "./side.ts";

const DENO = `Deno ${Deno.version.deno}`;

/** This module. */
export const OURS: Side = {
  name: "ours",
  title: "this module",
  build: () =>
    Promise.resolve({
      server: program("ours/server.ts"),
      client: program("ours/client.ts"),
      warmUp: [{ kind: "rotation" }, ...ALL_KINDS],
      once: program("ours/one_call.ts"),
      version: `@ttrpc/ttrpc ${config.version}, ${DENO}`,
    }),
};

/** A socket with nothing around it, and a program with nothing in it. */
export const RAW: Side = {
  name: "raw",
  title: "bare socket",
  build: () =>
    Promise.resolve({
      server: program("raw/server.ts"),
      client: program("raw/client.ts"),
      warmUp: [UNARY],
      once: program("raw/no_call.ts"),
      version: DENO,
    }),
};

function program(name: string): string[] {
  return [Deno.execPath(), "run", "-A", pathOf(`programs/${name}`)];
}
