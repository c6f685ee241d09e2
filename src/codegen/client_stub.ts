import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import { functionDoc, interfaceDoc, methodDoc } from "./comments.ts";
import { initType, type StubNames } from "./names.ts";

/** Prints the interface of a service's client, and the function that makes one. */
export function printClient(f: GeneratedFile, service: DescService, names: StubNames): void {
  const { createClient, Transport, transport } = names;
  const { name, typeName } = service;
  f.print(f.jsDoc(interfaceDoc(service, `Client of the service ${typeName}.`)));
  f.print(f.export("interface", `${name}Client`), " {");
  for (const [i, method] of service.methods.entries()) {
    if (i > 0) f.print();
    printMethod(f, method, names);
  }
  f.print("}");
  f.print();
  f.print(
    f.jsDoc(
      functionDoc(service, `Creates a client of the service ${typeName} that calls over the transport.`),
    ),
  );
  f.print(f.export("function", `create${name}Client`), "(", transport, ": ", Transport, `): ${name}Client {`);
  f.print("  return ", createClient, "(", f.importSchema(service), ", ", transport, ");");
  f.print("}");
  f.print();
}

function printMethod(f: GeneratedFile, method: DescMethod, names: StubNames): void {
  const { AsyncIterable, CallOptions, MessageSource, Promise } = names;
  const init = initType(f, method.input, names);
  const request: Printable = method.proto.clientStreaming
    ? ["requests: ", MessageSource, "<", init, ">"]
    : ["request: ", init];
  const result = method.proto.serverStreaming ? AsyncIterable : Promise;
  f.print(f.jsDoc(methodDoc(method), "  "));
  f.print("  ", method.localName, "(");
  f.print("    ", request, ",");
  f.print("    options?: ", CallOptions, ",");
  f.print("  ): ", result, "<", f.importShape(method.output), ">;");
}
