import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { CodegenError } from "./codegen_error.ts";
import { compile } from "./compile.ts";
import { type FileSelection, selectFiles } from "./file_selection.ts";
import { PROTOC_GEN_ES, runNpmProgram } from "./npm_program.ts";
import { protocGenTtrpc } from "./plugin.ts";

/** Options for {@linkcode generate}. */
export interface GenerateOptions extends FileSelection {
  /** Options for both plugins, each `key=value`; they replace `target=ts` and `import_extension=ts`. */
  opt: string[];
  /** Options for protoc-gen-es alone. */
  esOpt: string[];
}

/** What both plugins are told when the user says nothing else. */
const DEFAULTS = ["target=ts", "import_extension=ts"];

/**
 * Generates messages and stubs.
 *
 * @returns The text of each file, by its path below the folder for generated files.
 * @throws {CodegenError} If the protos don't compile, or a plugin refuses them or an option.
 */
export async function generate(options: GenerateOptions): Promise<Map<string, string>> {
  const protoFile = await compile(options.folders);
  const fileToGenerate = selectFiles(protoFile, options);
  const request = (opt: string[]) =>
    create(CodeGeneratorRequestSchema, { protoFile, fileToGenerate, parameter: parameterOf(opt) });
  const stubs = runOwnPlugin(request(options.opt));
  const messages = await runProtocGenEs(request([...options.opt, ...options.esOpt]));
  return new Map([...messages.file, ...stubs.file].map(({ name, content }) => [name, content]));
}

/** What a plugin is told: the user's options, and before them the defaults that they say nothing about. */
function parameterOf(opt: string[]): string {
  const given = opt.flatMap((text) => text.split(",")).map(keyOf);
  return [...DEFAULTS.filter((text) => !given.includes(keyOf(text))), ...opt].join(",");
}

function keyOf(option: string): string {
  return option.split("=")[0] ?? "";
}

function runOwnPlugin(request: CodeGeneratorRequest): CodeGeneratorResponse {
  try {
    return protocGenTtrpc.run(request);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CodegenError(`${protocGenTtrpc.name}: ${error.message}`, { cause: error });
  }
}

async function runProtocGenEs(request: CodeGeneratorRequest): Promise<CodeGeneratorResponse> {
  const input = toBinary(CodeGeneratorRequestSchema, request);
  const { success, stdout, stderr } = await runNpmProgram(PROTOC_GEN_ES, [], input);
  if (!success) throw new CodegenError(stderr);
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}
