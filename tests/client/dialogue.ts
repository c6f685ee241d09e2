import { assert, assertEquals, assertRejects } from "@std/assert";
import { type CountReply, Greeter, type HelloReply } from "../../gen/greeter/v1/greeter_pb.ts";
import { type Client, createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { Transport, TransportOptions } from "../../src/client/transport.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import type { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { EMPTY, requestFrame, responseFrame } from "../call_frames.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";

/** A greeter's client, whose server is scripted. */
export interface Dialogue {
  greeter: Client<typeof Greeter>;
  peer: ScriptedPeer;
  transport: Transport;
}

/** Makes a client of a scripted server: the first connection leads there, and there is no second one. */
export function openDialogue(options: TransportOptions = {}): Dialogue {
  const peer = new ScriptedPeer();
  const transport = transportTo([peer.duplex], options);
  return { greeter: createClient(Greeter, transport), peer, transport };
}

/** Makes a transport that gets one connection after the other. */
export function transportTo(duplexes: Duplex[], options: TransportOptions = {}): Transport {
  const connections = duplexes.values();
  return new ConnectingTransport(() => {
    const { value } = connections.next();
    return value ? Promise.resolve(value) : Promise.reject(new Error("There is no further connection"));
  }, options);
}

/** The error that a call fails with. */
export function failureOf(reply: Promise<unknown>): Promise<TtrpcError> {
  return assertRejects(() => reply, TtrpcError);
}

/** Holds if the client has sent nothing more: its next frame is the Request of a new call, with this id. */
export async function assertQuiet({ greeter, peer }: Dialogue, streamId: number): Promise<void> {
  await settled();
  const reply = greeter.hello({});
  assertEquals(await peer.next(), requestFrame(streamId, Greeter.method.hello, 0));
  peer.send(responseFrame(streamId, EMPTY));
  await reply;
}

/** The replies that still come, and the code of the error after them. */
export async function collect(replies: AsyncIterator<CountReply | HelloReply>): Promise<Collected> {
  const items: Collected["items"] = [];
  try {
    for (let step = await replies.next(); !step.done; step = await replies.next()) {
      items.push("i" in step.value ? step.value.i : step.value.text);
    }
    return { items };
  } catch (error) {
    assert(error instanceof TtrpcError);
    return { items, code: error.code };
  }
}

/** What {@linkcode collect} has found. */
export interface Collected {
  items: (number | string)[];
  code?: Code;
}
