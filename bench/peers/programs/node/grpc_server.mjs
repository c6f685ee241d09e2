// Serves bench.v1.Bench with @grpc/grpc-js until its stdin ends.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { MessageCheck, messages, payloadsOf } from "../js/payloads.mjs";
import { Bench, writeAll } from "./grpc_bench.mjs";
import { exitWithStdin } from "./lines.mjs";

const server = new Server();
server.addService(Bench.service, {
  echo: ({ request }, answer) => answer(null, request),
  download: (call) => writeAll(call, messages(payloadsOf(call.request.size), call.request.count)),
  upload(call, answer) {
    const check = new MessageCheck();
    call.on("data", ({ data }) => check.next(data));
    call.on("end", () => answer(null, { count: check.count }));
  },
  exchange: (call) => call.pipe(call),
});
server.bindAsync(`unix:${process.argv[2]}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  console.log("ready");
});
exitWithStdin();
