/**
 * Reads a stream of strings, or of the bytes of UTF-8 text, to its end.
 *
 * @param stream The stream to read.
 * @returns All of it as one string.
 */
export async function toText(
  stream: ReadableStream<string> | ReadableStream<Uint8Array>,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
