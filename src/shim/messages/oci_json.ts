import { create } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { cannotDecode } from "./any.ts";
import type { LinuxResources, Process, Spec } from "./oci_spec.ts";

/**
 * The values of the OCI runtime specification that go through shims, by the names that {@linkcode packJson} and
 * {@linkcode unpackJson} know.
 *
 * @example A function for all of them
 * ```ts
 * import type { Any } from "@bufbuild/protobuf/wkt";
 * import { type OciValues, packJson, unpackJson } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * function copy<Kind extends keyof OciValues>(any: Any, kind: Kind): OciValues[Kind] | undefined {
 *   return unpackJson(any, kind);
 * }
 * assertEquals(copy(packJson("Process", { cwd: "/" }), "Process"), { cwd: "/" });
 * ```
 */
export interface OciValues {
  /** A container, as in `config.json`. */
  Spec: Spec;
  /** A process to be added, for `ExecProcessRequest.spec`. */
  Process: Process;
  /** New limits, for `UpdateTaskRequest.resources`. */
  LinuxResources: LinuxResources;
}

const TYPE_URL = "types.containerd.io/opencontainers/runtime-spec/1/";

/**
 * Packs a value of the OCI runtime specification: JSON, with a type of its own.
 *
 * @param kind What it is.
 * @param value The value.
 *
 * @example Usage
 * ```ts
 * import { packJson } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const spec = packJson("Process", { args: ["/bin/true"], cwd: "/" });
 * assertEquals(spec.typeUrl, "types.containerd.io/opencontainers/runtime-spec/1/Process");
 * ```
 */
export function packJson<Kind extends keyof OciValues>(kind: Kind, value: OciValues[Kind]): Any {
  return create(AnySchema, {
    typeUrl: TYPE_URL + kind,
    value: new TextEncoder().encode(JSON.stringify(value)),
  });
}

/**
 * Unpacks a value of the OCI runtime specification. That it is an object is all that is looked at; a peer may
 * have put anything into it.
 *
 * @param any What was packed; `undefined` for a field that is missing.
 * @param kind What is due.
 * @returns The value, or `undefined` if there is none or one of another kind.
 * @throws {TtrpcError} With code 13 if the bytes are no JSON of an object.
 *
 * @example Usage
 * ```ts
 * import { packJson, unpackJson } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const resources = packJson("LinuxResources", { pids: { limit: 10 } });
 * assertEquals(unpackJson(resources, "LinuxResources")?.pids?.limit, 10);
 * assertEquals(unpackJson(resources, "Spec"), undefined);
 * ```
 */
export function unpackJson<Kind extends keyof OciValues>(
  any: Any | undefined,
  kind: Kind,
): OciValues[Kind] | undefined {
  if (any === undefined || ociKindOf(any) !== kind) return undefined;
  let value: OciValues[Kind];
  try {
    value = JSON.parse(new TextDecoder(undefined, { fatal: true }).decode(any.value));
  } catch (cause) {
    throw cannotDecode(kind, cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw cannotDecode(kind, new TypeError("JSON of an object is due"));
  }
  return value;
}

/** What of the OCI runtime specification is packed, such as `"Spec"`; `undefined` if it is anything else. */
export function ociKindOf({ typeUrl }: Any): string | undefined {
  return /^(?:[^/]*\/)?opencontainers\/runtime-spec\/1\/(.+)$/.exec(typeUrl)?.[1];
}
