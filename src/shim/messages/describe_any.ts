import {
  fromBinary,
  isMessage,
  type JsonObject,
  type JsonValue,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  reflect,
  type ReflectMessage,
} from "@bufbuild/protobuf/reflect";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { typeNameOf } from "./any.ts";
import { ociKindOf } from "./oci_json.ts";
import { shimRegistry } from "./registry.ts";

/** How deep an `Any` may lie within others: each one takes a copy of what is in it. */
const MAX_DEPTH = 10;

/**
 * Makes JSON, for people to read, of whatever is packed. The field `@type` has the type as it was written.
 *
 * A message has its fields beside it, with all that is packed in them described in the same way; so has a value
 * of the OCI runtime specification. Of anything else, or bytes that are not what their type says, the field
 * `value` has the bytes in base64.
 *
 * @param any What was packed.
 * @param registry Messages to know besides those of containerd.
 *
 * @example Usage
 * ```ts
 * import { describeAny, packAny, packJson, RuncOptionsSchema } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const options = packAny(RuncOptionsSchema, { binaryName: "crun" });
 * assertEquals(describeAny(options), { "@type": "containerd.runc.v1.Options", binaryName: "crun" });
 *
 * const process = describeAny(packJson("Process", { cwd: "/" }));
 * assertEquals(process.cwd, "/");
 * ```
 */
export function describeAny(any: Any, registry?: Registry): JsonObject {
  return new Describer(registry).any(any);
}

class Describer {
  readonly #registry: Registry | undefined;
  #depth = 0;

  constructor(registry: Registry | undefined) {
    this.#registry = registry;
  }

  any(any: Any): JsonObject {
    this.#depth++;
    try {
      const json = this.#depth > MAX_DEPTH ? undefined : this.#unpack(any);
      if (json !== undefined) return { "@type": any.typeUrl, ...isObject(json) ? json : { value: json } };
    } catch {
      // Whoever looks at it wants to see even what is broken.
    } finally {
      this.#depth--;
    }
    return { "@type": any.typeUrl, value: any.value.toBase64() };
  }

  #unpack(any: Any): JsonValue | undefined {
    if (ociKindOf(any) !== undefined) return JSON.parse(new TextDecoder().decode(any.value));
    const name = typeNameOf(any);
    const schema = this.#registry?.getMessage(name) ?? shimRegistry().getMessage(name);
    return schema && this.#message(reflect(schema, fromBinary(schema, any.value)));
  }

  #message(reflected: ReflectMessage): JsonValue {
    const { desc, message } = reflected;
    if (isMessage(message, AnySchema)) return this.any(message);
    // The well-known types have JSON of their own.
    if (desc.typeName.startsWith("google.protobuf.")) return toJson(desc, message);
    const json: JsonObject = {};
    for (const field of reflected.sortedFields) {
      if (!reflected.isSet(field)) continue;
      const described = this.#messages(reflected.get(field));
      if (described !== undefined) {
        json[field.jsonName] = described;
      } else {
        const alone = reflect(desc);
        alone.set(field, reflected.get(field));
        Object.assign(json, toJson(desc, alone.message));
      }
    }
    return json;
  }

  /** Describes the value of a field if it is a message, or has some. */
  #messages(value: unknown): JsonValue | undefined {
    if (isReflectMessage(value)) return this.#message(value);
    if (isReflectList(value) && value.field().listKind === "message") {
      return Array.from(value, (item) => this.#messages(item) ?? null);
    }
    if (isReflectMap(value) && value.field().mapKind === "message") {
      return Object.fromEntries(Array.from(value, ([key, item]) => [`${key}`, this.#messages(item) ?? null]));
    }
    return undefined;
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
