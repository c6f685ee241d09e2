// Runs rows against a server of bench.v1.Bench with @connectrpc/connect-node.
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { connect } from "node:net";
import { runClient } from "../js/client.mjs";
import { Bench } from "./gen/bench/v1/bench_pb.js";
import { stdinLines } from "./lines.mjs";

const baseUrl = "http://localhost";
const createConnection = () => connect(process.argv[2]);

await runClient({ lines: stdinLines(), print: console.log, open });
process.exit();

async function open() {
  const sessionManager = new Http2SessionManager(baseUrl, {}, { createConnection });
  const bench = createClient(Bench, createConnectTransport({ baseUrl, httpVersion: "2", sessionManager }));
  await bench.echo({});
  return {
    echo: (data) => bench.echo({ data }),
    download: (request, receive) => receiveAll(bench.download(request), receive),
    upload: (messages) => bench.upload(toAsync(messages)),
    exchange: (messages, receive) => receiveAll(bench.exchange(toAsync(messages)), receive),
    close: () => sessionManager.abort(),
  };
}

async function receiveAll(replies, receive) {
  for await (const { data } of replies) receive(data);
}

async function* toAsync(messages) {
  yield* messages;
}
