// Runs rows against a server of bench.v1.Bench with @grpc/grpc-js.
import { credentials } from "@grpc/grpc-js";
import { runClient } from "../js/client.mjs";
import { Bench, writeAll } from "./grpc_bench.mjs";
import { stdinLines } from "./lines.mjs";

// Clients of one address else share a connection.
const options = { "grpc.use_local_subchannel_pool": 1 };

await runClient({ lines: stdinLines(), print: console.log, open });
process.exit();

async function open() {
  const bench = new Bench(`unix:${process.argv[2]}`, credentials.createInsecure(), options);
  const peer = {
    echo: (data) => settle((answer) => bench.echo({ data }, answer)),
    download: (request, receive) => receiveAll(bench.download(request), receive),
    async upload(messages) {
      let call;
      const reply = settle((answer) => call = bench.upload(answer));
      await writeAll(call, messages);
      return await reply;
    },
    async exchange(messages, receive) {
      const call = bench.exchange();
      await Promise.all([writeAll(call, messages), receiveAll(call, receive)]);
    },
    close: () => bench.close(),
  };
  await peer.echo(new Uint8Array());
  return peer;
}

function settle(call) {
  return new Promise((resolve, reject) => call((error, reply) => error ? reject(error) : resolve(reply)));
}

function receiveAll(call, receive) {
  return new Promise((resolve, reject) => {
    call.on("data", ({ data }) => receive(data)).on("end", resolve).on("error", reject);
  });
}
