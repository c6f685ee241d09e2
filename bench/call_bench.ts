// Calls over a unix socket, client and server in this process, beside the bare socket that carries them.
import { createTransport } from "@ttrpc/ttrpc";
import { createGreeterClient } from "../gen/greeter/v1/greeter_ttrpc.ts";
import { makeSocketFolder, serveGreeter } from "./greeter_server.ts";

const IN_FLIGHT = 256;
const MESSAGES = 1000;
const request = { name: "sixteen bytes..." };
const requests = Array.from({ length: MESSAGES }, () => request);
const greeter = createGreeterClient(createTransport({ address: await serveGreeter() }));

const path = `${makeSocketFolder()}/echo.sock`;
const listener = Deno.listen({ transport: "unix", path });
const accepted = listener.accept();
const socket = await Deno.connect({ transport: "unix", path });
const echo = await accepted;
(async () => {
  const buffer = new Uint8Array(64);
  for (let bytes = await echo.read(buffer); bytes !== null; bytes = await echo.read(buffer)) {
    await echo.write(buffer.subarray(0, bytes));
  }
})();
const ping = new Uint8Array(64);

Deno.bench("bare socket, one round trip", { group: "one at a time", baseline: true }, async () => {
  await socket.write(ping);
  await socket.read(ping);
});

Deno.bench("unary, one at a time", { group: "one at a time" }, async () => {
  await greeter.hello(request);
});

Deno.bench(`unary, ${IN_FLIGHT} in flight`, { group: "many" }, async () => {
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => greeter.hello(request)));
});

Deno.bench(`server stream of ${MESSAGES} messages`, { group: "many" }, async () => {
  for await (const _ of greeter.count({ n: MESSAGES }));
});

Deno.bench(`client stream of ${MESSAGES} messages`, { group: "many" }, async () => {
  await greeter.helloAll(requests);
});

Deno.bench(`bidi of ${MESSAGES} messages each way`, { group: "many" }, async () => {
  for await (const _ of greeter.chat(requests));
});
