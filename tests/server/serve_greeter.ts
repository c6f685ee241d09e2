import { assertEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import type { GreeterImplementation } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import type { Frame } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { serveConnection, type ServeConnectionOptions } from "../../src/server/serve_connection.ts";
import type { ServedConnection } from "../../src/server/served_connection.ts";
import { requestFrame, statusFrame, words } from "../call_frames.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";

/** What the server says to even ids, and so to pings. */
export const MUST_BE_ODD = "StreamID must be odd for client initiated streams";

/** Sends names back as they come. */
const ECHO: GreeterImplementation = {
  hello: ({ name }) => ({ text: name }),
  count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })),
  async helloAll(requests) {
    const names = await Array.fromAsync(requests, ({ name }) => name);
    return { text: names.join() };
  },
  async *chat(requests) {
    for await (const { name } of requests) yield { text: name };
  },
};

/** A greeter on one connection, whose client is scripted. */
export interface ServedGreeter {
  peer: ScriptedPeer;
  served: ServedConnection;
  /** What `onError` was told. */
  errors: unknown[];
}

/** Serves a greeter that sends names back, but for the methods of `implementation`. */
export function serveGreeter(
  implementation: Partial<GreeterImplementation> = {},
  options: Partial<ServeConnectionOptions> = {},
): ServedGreeter {
  const peer = new ScriptedPeer();
  const errors: unknown[] = [];
  const served = serveConnection(peer.duplex, {
    routes: (router) => router.service(Greeter, { ...ECHO, ...implementation }),
    onError: (error) => errors.push(error),
    ...options,
  });
  return { peer, served, errors };
}

/** Holds if nothing more comes from the server, which still answers a ping of ten zero bytes. */
export async function assertQuiet(peer: ScriptedPeer): Promise<void> {
  await settled();
  peer.sendBytes(new Uint8Array(10));
  assertEquals(await peer.next(), statusFrame(0, Code.InvalidArgument, MUST_BE_ODD));
}

/** A call of Hello. */
export function sayHello(streamId: number, name: string): Frame {
  return requestFrame(streamId, Greeter.method.hello, 0, { payload: words(name) });
}
