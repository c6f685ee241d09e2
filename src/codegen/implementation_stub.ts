import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import { functionDoc, interfaceDoc, methodDoc } from "./comments.ts";
import { initType, type StubNames } from "./names.ts";

/** Prints the interface of a service's implementation, and the function that registers one with a router. */
export function printImplementation(f: GeneratedFile, service: DescService, names: StubNames): void {
  const { Partial, Router, implementation, router } = names;
  const { name, typeName } = service;
  f.print(
    f.jsDoc(interfaceDoc(service, `Implementation of the service ${typeName}, for \`register${name}\`.`)),
  );
  f.print(f.export("interface", `${name}Implementation`), " {");
  for (const [i, method] of service.methods.entries()) {
    if (i > 0) f.print();
    printMethod(f, method, names);
  }
  f.print("}");
  f.print();
  f.print(f.jsDoc(functionDoc(
    service,
    `Registers an implementation of the service ${typeName}. A method left out answers UNIMPLEMENTED.`,
    ["@throws {TypeError} If the router has the service already."],
  )));
  f.print(f.export("function", `register${name}`), "(");
  f.print("  ", router, ": ", Router, ",");
  f.print("  ", implementation, ": ", Partial, `<${name}Implementation>,`);
  f.print("): void {");
  f.print("  ", router, ".service(", f.importSchema(service), ", ", implementation, ");");
  f.print("}");
  f.print();
}

function printMethod(f: GeneratedFile, method: DescMethod, names: StubNames): void {
  const { AsyncIterable, HandlerContext, MessageSource, Promise } = names;
  const shape = f.importShape(method.input);
  const request: Printable = method.proto.clientStreaming
    ? ["requests: ", AsyncIterable, "<", shape, ">"]
    : ["request: ", shape];
  const init = initType(f, method.output, names);
  const result: Printable = method.proto.serverStreaming
    ? [MessageSource, "<", init, ">"]
    : [init, " | ", Promise, "<", init, ">"];
  f.print(f.jsDoc(methodDoc(method), "  "));
  f.print("  ", method.localName, "(");
  f.print("    ", request, ",");
  f.print("    context: ", HandlerContext, ",");
  f.print("  ): ", result, ";");
}
