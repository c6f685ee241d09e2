import { Command, Option } from "commander";
// deno-lint-ignore rooms/imports -- the version stands there, and only there
import config from "../../deno.json" with { type: "json" };
import type { GenerateOptions } from "./generate.ts";

/** What the command was told to do. */
export interface CommandOptions extends GenerateOptions {
  /** Folder for the generated files. */
  out: string;
  /** Removes what earlier runs wrote to `out` and this one did not. */
  clean: boolean;
  /** Adds missing imports to the `deno.json` or its import map instead of printing them. */
  write: boolean;
  /** Goes on after the first run, with another one after each change. */
  watch: boolean;
}

const DEFAULTS: Omit<CommandOptions, "folders"> = {
  out: "gen",
  path: [],
  includeImports: false,
  opt: [],
  esOpt: [],
  clean: false,
  write: false,
  watch: false,
};

const NOTES = `
A folder is also where imports are looked for: proto/greeter/v1/greeter.proto is imported as
"greeter/v1/greeter.proto". Both plugins get target=ts and import_extension=ts unless --opt
says otherwise. The first run downloads the compiler and protoc-gen-es from npm.`;

/**
 * Reads the command line. Ends the program, with a word about why, where it asks for the help or the version
 * or is wrong.
 */
export function parseCommandLine(args: string[]): CommandOptions {
  const command = new Command("deno run -A jsr:@ttrpc/ttrpc/codegen")
    .description("Generates messages and ttrpc stubs from .proto files.")
    .version(config.version)
    .argument("<folder...>", "folder of .proto files")
    .option("--out <folder>", "where the generated files go", DEFAULTS.out)
    .option("--path <path>", "generate for this file or folder only; can be repeated", append)
    .option("--include-imports", "generate for what these files import, too")
    .option("--opt <key=value>", "option for both plugins; can be repeated", append)
    .option("--es-opt <key=value>", "option for protoc-gen-es alone; can be repeated", append)
    .addOption(
      new Option("--clean", "remove what earlier runs wrote to --out and this one did not").conflicts("path"),
    )
    .option("--write", "add missing imports to deno.json or its import map")
    .option("--watch", "generate again whenever a .proto file changes")
    .addHelpText("after", NOTES)
    .parse(args, { from: "user" });
  return { ...DEFAULTS, ...command.opts<Partial<CommandOptions>>(), folders: command.args };
}

function append(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
