import config from "../../../deno.json" with { type: "json" };
import { pathOf } from "./path.ts";
import type { Programs, Side } from "./side.ts";

const DENO = `Deno ${Deno.version.deno}`;

/** This module. */
export const OURS: Side = {
  name: "ours",
  title: "this module",
  build: () => Promise.resolve(programs("ours", `@ttrpc/ttrpc ${config.version}, ${DENO}`)),
};

/** A socket with nothing around it. */
export const RAW: Side = {
  name: "raw",
  title: "bare socket",
  build: () => Promise.resolve(programs("raw", DENO)),
};

function programs(folder: string, version: string): Programs {
  const command = (name: string) => [Deno.execPath(), "run", "-A", pathOf(`programs/${folder}/${name}.ts`)];
  return { server: command("server"), client: command("client"), version };
}
