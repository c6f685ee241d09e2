import { type DescMessage, fromBinary, isMessage, toBinary } from "@bufbuild/protobuf";
import { isReflectList, isReflectMap, isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { assert, assertEquals } from "@std/assert";
import { DeleteResponseSchema } from "../../../gen/containerd/task/v3/task_pb.ts";
import { typeNameOf } from "../../../src/shim/messages/any.ts";
import { describeAny } from "../../../src/shim/messages/describe_any.ts";
import { ociKindOf } from "../../../src/shim/messages/oci_json.ts";
import { shimRegistry } from "../../../src/shim/messages/registry.ts";
import { FRAME_HEADER_BYTES, FrameType, readUint32 } from "../../../src/wire/frame.ts";
import { decodeRequest } from "../../../src/wire/request_envelope.ts";
import { decodeResponse } from "../../../src/wire/response_envelope.ts";
import { READS_VECTORS, readVectors, SHIMS } from "../../vectors/vector_files.ts";
import { readBootstrapVectors } from "../program/bootstrap_vectors.ts";

/** What was recorded of one connection. */
type Connection = { dir: "c2s" | "s2c"; hex: string }[];

/** A message as it was on the wire, and of which type it has to be. */
interface RecordedMessage {
  /** `service/method`, of the request or of what it was replied to. */
  method: string;
  desc: DescMessage;
  payload: Uint8Array;
}

/** Finds all messages of a connection; replies that are errors have none. */
function messagesOf(connection: Connection): RecordedMessage[] {
  const calls = new Map<number, { method: string; output: DescMessage }>();
  return connection.flatMap(({ hex }) => {
    const bytes = Uint8Array.fromHex(hex);
    const streamId = readUint32(bytes, 4);
    const body = bytes.subarray(FRAME_HEADER_BYTES);
    if (bytes[8] === FrameType.Request) {
      const { service, method: name, payload } = decodeRequest(body);
      const found = shimRegistry().getService(service)?.methods.find((method) => method.name === name);
      assert(found, `${service}/${name} is unknown`);
      const method = `${service}/${name}`;
      calls.set(streamId, { method, output: found.output });
      return [{ method, desc: found.input, payload }];
    }
    const call = calls.get(streamId);
    assert(call, `Nobody has called on stream ${streamId}`);
    const { status, payload } = decodeResponse(body);
    return (status?.code ?? 0) === 0 ? [{ method: call.method, desc: call.output, payload }] : [];
  });
}

/**
 * Holds that a message and all that is in it, or packed in it, has no unknown fields and is encoded to the same
 * bytes again.
 */
function assertKnown(desc: DescMessage, bytes: Uint8Array, packed: Any[]): void {
  const message = fromBinary(desc, bytes);
  assertEquals(toBinary(desc, message).toHex(), bytes.toHex(), desc.typeName);
  assertNothingUnknown(reflect(desc, message), packed);
}

function assertNothingUnknown(value: unknown, packed: Any[]): void {
  if (isReflectList(value) || isReflectMap(value)) {
    for (const item of value.values()) assertNothingUnknown(item, packed);
  } else if (isReflectMessage(value)) {
    assertEquals(value.getUnknown() ?? [], [], value.desc.typeName);
    for (const field of value.fields) if (value.isSet(field)) assertNothingUnknown(value.get(field), packed);
    if (isMessage(value.message, AnySchema)) assertUnpacks(value.message, packed);
  }
}

function assertUnpacks(any: Any, packed: Any[]): void {
  packed.push(any);
  if (ociKindOf(any) !== undefined) return;
  const desc = shimRegistry().getMessage(typeNameOf(any));
  assert(desc, `${any.typeUrl} is unknown`);
  assertKnown(desc, any.value, packed);
}

for (const shim of SHIMS) {
  Deno.test(
    `All messages recorded in ${shim} are known, and encoded to the same bytes`,
    READS_VECTORS,
    async () => {
      const { frames, events } = await readVectors<{ frames: Connection; events: Connection }>(shim);
      const [calls, forwarded] = [frames, events].map(messagesOf);
      assert(calls && forwarded);
      const methods = new Set(calls.map(({ method }) => method.slice(method.indexOf("/") + 1)));
      for (
        const name of ["Connect", "Create", "Start", "State", "Exec", "Wait", "Kill", "Delete", "Shutdown"]
      ) {
        assert(methods.has(name), `${name} was not called`);
      }
      const packed: Any[] = [];
      for (const { desc, payload } of [...calls, ...forwarded]) assertKnown(desc, payload, packed);

      const types = new Set(packed.map(({ typeUrl }) => typeUrl));
      for (
        const event of [
          "TaskCreate",
          "TaskStart",
          "TaskExecAdded",
          "TaskExecStarted",
          "TaskExit",
          "TaskDelete",
        ]
      ) {
        assert(types.has(`containerd.events.${event}`), `${event} was not sent`);
      }
      for (const any of packed) {
        const described = describeAny(any);
        assert(!("value" in described) || any.value.length === 0, `${any.typeUrl} was described as bytes`);
      }
    },
  );
}

Deno.test(
  "What the action delete has printed is known, and encoded to the same bytes",
  READS_VECTORS,
  async () => {
    const { deleteResponse } = await readBootstrapVectors();
    assert(deleteResponse.length > 0);
    for (const { hex, expect } of deleteResponse) {
      assertKnown(DeleteResponseSchema, Uint8Array.fromHex(hex), []);
      const { pid, exitStatus, exitedAt } = fromBinary(DeleteResponseSchema, Uint8Array.fromHex(hex));
      const { seconds = 0n, nanos } = exitedAt ?? {};
      assertEquals({ pid, exitStatus, seconds: `${seconds}`, nanos }, expect);
    }
  },
);
