import { create, type DescMessage } from "@bufbuild/protobuf";

/** Gives an expression for the encoder or decoder of another type, which is compiled when it is first used. */
export type Link = (desc: DescMessage) => string;

/**
 * Makes an encoder or decoder of source.
 *
 * @param source Writes the body of a function that gives it.
 * @param ofType Gets that of another type.
 * @param scope What the source may name.
 */
export function compile<Made>(
  desc: DescMessage,
  source: (desc: DescMessage, link: Link) => string,
  ofType: (desc: DescMessage) => Made,
  scope: Record<string, unknown>,
): Made {
  const linked: DescMessage[] = [];
  function link(other: DescMessage): string {
    if (!linked.includes(other)) linked.push(other);
    const i = linked.indexOf(other);
    return `(type${i} ??= ofType(linked[${i}]))`;
  }
  const body = source(desc, link);
  const variables = linked.map((_, i) => `let type${i};`).join(" ");
  const names = {
    ...scope,
    linked,
    ofType,
    typeName: desc.typeName,
    prototype: Object.getPrototypeOf(create(desc)),
  };
  return new Function(...Object.keys(names), `"use strict"; ${variables}\n${body}`)(...Object.values(names));
}

let isAllowed: boolean | undefined;

/** Whether the runtime makes code of strings; `--disallow-code-generation-from-strings` of V8 forbids it. */
export function mayCompile(): boolean {
  if (isAllowed !== undefined) return isAllowed;
  try {
    new Function("");
    isAllowed = true;
  } catch {
    isAllowed = false;
  }
  return isAllowed;
}
