import type { Duplex } from "../../src/connection/duplex.ts";
import { connect } from "../../src/net/connect.ts";
import { listenLent } from "../../src/net/listen.ts";
import { TempFolder } from "../net/temp_folder.ts";

/** The two ends of a connection over a unix socket; the first one reads chunks that are lent. */
export async function socketPair(): Promise<[theirs: Duplex, ours: Duplex]> {
  using folder = new TempFolder();
  using listener = await listenLent(folder.file("s"));
  const [accepted, ours] = await Promise.all([
    listener[Symbol.asyncIterator]().next(),
    connect(listener.address),
  ]);
  if (accepted.done) throw new Error("Cannot make a connection: the listener accepts none");
  return [accepted.value, ours];
}
