import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** How a method goes, for methods whose proto says nothing about them. */
const kinds: Record<DescMethod["methodKind"], string> = {
  unary: "one request, one reply",
  server_streaming: "one request, any number of replies",
  client_streaming: "any number of requests, one reply",
  bidi_streaming: "any number of requests and replies",
};

/**
 * Text of the doc comment on an interface made from a service: the service's own comment, and what the
 * interface is.
 *
 * @param role A sentence that says what the interface is.
 */
export function interfaceDoc(service: DescService, role: string): string {
  // Another name would be none of the descriptor's, and a client no longer an implementation. TypeScript
  // refuses to await such an object.
  const then = service.methods.some((method) => method.localName === "then")
    ? "The method `then` makes such an object look like a promise: do not await it, nor return it from an async function."
    : undefined;
  return docText([protoComment(service), role, then], [
    `@generated from ${service}`,
    ...deprecation(service),
  ]);
}

/** Text of the doc comment on a function made from a service. */
export function functionDoc(service: DescService, text: string, tags: string[] = []): string {
  return docText([text], [...tags, ...deprecation(service)]);
}

/** Text of the doc comment on a member made from a method. */
export function methodDoc(method: DescMethod): string {
  const { parent, name, methodKind, deprecated } = method;
  const text = protoComment(method) ?? `The method ${name} of ${parent.typeName}: ${kinds[methodKind]}.`;
  return docText([text], [`@generated from ${method}`, ...(deprecated ? ["@deprecated"] : [])]);
}

function deprecation(service: DescService): string[] {
  return service.deprecated || service.file.deprecated ? ["@deprecated"] : [];
}

function docText(paragraphs: (string | undefined)[], tags: string[]): string {
  return [...paragraphs.filter((text) => text !== undefined), tags.join("\n")].join("\n\n").trimEnd();
}

/** The comment before the element or, when there is none, the one after it. */
function protoComment(desc: DescMethod | DescService): string | undefined {
  const { leading, trailing } = getComments(desc);
  return [leading, trailing].map(plainText).find((text) => text !== "");
}

/**
 * Takes away what belongs to the way the comment is written: indentation, and the second star of one that
 * begins with two. A line that begins with `@` is kept from being read as a tag.
 */
function plainText(comment = ""): string {
  return comment
    .replace(/^\*/, "")
    .split("\n")
    .map((line) => line.trimEnd().replace(/^ /, "").replace(/^(\s*)@/, "$1\\@"))
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
