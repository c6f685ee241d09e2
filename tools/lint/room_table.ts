/** A room: the files of one row of the table that belong together. */
export interface Room {
  /** How messages call it. */
  name: string;
  /** Which files live in it, relative to the project's folder. */
  files: RegExp;
  /** Place in the table. A file imports from its own room and from rows with a larger number. */
  row: number;
  /** Packages it may import. */
  packages?: string[];
  /** Packages of which it may import types only. */
  typesOf?: string[];
  /** It may use `Deno` and `node:` modules. */
  platform?: true;
}

const PROTOBUF = "@bufbuild/protobuf";

/**
 * The rooms of the project, from the entrypoints down to the generated messages; the same table as in
 * ARCHITECTURE.md.
 *
 * All other folders (tests, bench, examples, tools) are outside of it and free to import what they like.
 */
export const ROOMS: Room[] = [
  { row: 1, name: "src/cli", files: folder("src/cli"), packages: ["@std/cli"], platform: true },
  { row: 1, name: "src/shim", files: folder("src/shim"), packages: [PROTOBUF], platform: true },
  {
    row: 1,
    name: "src/codegen",
    files: folder("src/codegen"),
    packages: [PROTOBUF, "@bufbuild/protoplugin", "commander", "jsonc-parser"],
    platform: true,
  },
  { row: 2, name: "gen/*_ttrpc.ts", files: /^gen\/.*_ttrpc\.ts$/, typesOf: [PROTOBUF] },
  { row: 3, name: "mod.ts", files: /^mod\.ts$/, typesOf: [PROTOBUF] },
  { row: 3, name: "src/stub", files: folder("src/stub"), typesOf: [PROTOBUF] },
  { row: 3, name: "src/frame", files: folder("src/frame"), packages: ["@std/bytes", "@std/streams"] },
  { row: 4, name: "src/net", files: folder("src/net"), typesOf: [PROTOBUF], platform: true },
  { row: 5, name: "src/client", files: folder("src/client"), packages: [PROTOBUF] },
  { row: 5, name: "src/server", files: folder("src/server"), packages: [PROTOBUF] },
  { row: 6, name: "src/connection", files: folder("src/connection"), packages: ["@std/bytes"] },
  { row: 7, name: "src/rpc", files: folder("src/rpc"), packages: [PROTOBUF] },
  { row: 8, name: "src/wire", files: folder("src/wire") },
  { row: 9, name: "gen/*_pb.ts", files: /^gen\/.*_pb\.ts$/, packages: [PROTOBUF] },
];

function folder(path: string): RegExp {
  return new RegExp(`^${path}/`);
}
