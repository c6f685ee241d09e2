import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol, Printable } from "@bufbuild/protoplugin";

/** The symbols a stub uses besides the messages and services of its protos. */
export type StubNames = Record<RuntimeName | GlobalName | ParameterName | "MessageInitShape", ImportSymbol>;

type RuntimeName =
  | "CallOptions"
  | "HandlerContext"
  | "MessageSource"
  | "Router"
  | "Transport"
  | "createClient";
type GlobalName = "AsyncIterable" | "Partial" | "Promise";
type ParameterName = "implementation" | "router" | "transport";

/**
 * Makes the symbols for the file at `path`, given without its extension.
 *
 * The printer gives an alias to an import whose name is taken in the file. Globals and parameters are
 * declared to it as symbols of the file itself, so that it keeps a message `Promise` or a service `router`
 * out of their way.
 */
export function stubNames(f: GeneratedFile, path: string): StubNames {
  const runtime = "@ttrpc/ttrpc/stub/v1";
  const own = `./${path}.js`;
  return {
    CallOptions: f.import("CallOptions", runtime, true),
    HandlerContext: f.import("HandlerContext", runtime, true),
    MessageSource: f.import("MessageSource", runtime, true),
    Router: f.import("Router", runtime, true),
    Transport: f.import("Transport", runtime, true),
    createClient: f.import("createClient", runtime),
    MessageInitShape: f.import("MessageInitShape", "@bufbuild/protobuf", true),
    AsyncIterable: f.import("AsyncIterable", own, true),
    Partial: f.import("Partial", own, true),
    Promise: f.import("Promise", own, true),
    implementation: f.import("implementation", own),
    router: f.import("router", own),
    transport: f.import("transport", own),
  };
}

/** The type of what a user may pass as a message: the message itself, or the fields to make it from. */
export function initType(f: GeneratedFile, message: DescMessage, names: StubNames): Printable {
  return [names.MessageInitShape, "<typeof ", f.importSchema(message, true), ">"];
}

/**
 * Refuses a service with two methods that differ only in the case of their first letter, which would be the
 * same property of a client.
 *
 * @throws {Error} If there are two such methods.
 */
export function checkMethodNames(service: DescService): void {
  for (const method of service.methods) {
    const other = service.methods.find((m) => m.localName === method.localName);
    if (other !== undefined && other !== method) {
      throw new Error(
        `Cannot generate ${service}: Methods ${other.name} and ${method.name} would both be "${method.localName}"`,
      );
    }
  }
}
