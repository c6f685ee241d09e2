/** Why nothing could be generated, in words for whoever started the command. */
export class CodegenError extends Error {
  /** Always `CodegenError`. */
  override readonly name = "CodegenError";
}
