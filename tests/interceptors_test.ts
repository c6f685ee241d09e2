import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { create } from "@bufbuild/protobuf";
import { MissingFieldSchema } from "../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../src/rpc/code.ts";
import { createContextKey, createContextValues } from "../src/rpc/context_values.ts";
import type {
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "../src/rpc/interceptor.ts";
import { Metadata } from "../src/rpc/metadata.ts";
import { TtrpcError } from "../src/rpc/ttrpc_error.ts";
import { interceptGreeter, KINDS, mapMessages, SIDES, textOf, withText } from "./greeter_kinds.ts";
import { settled } from "./settled.ts";

type Request = UnaryRequest | StreamRequest;
type Response = UnaryResponse | StreamResponse;

const STREAMS = KINDS.filter(({ kind }) => kind !== "unary");

/** Adds a digit to each message on its way there, and one on the way back. */
function addDigits(there: number, back: number): Interceptor {
  const add = (digit: number) => (message: Parameters<typeof textOf>[0]) =>
    withText(message, `${textOf(message)}${digit}`);
  return mapMessages(add(there), add(back));
}

/** What the greeter's own reply to a request with a text would be. */
async function replyOf(request: Request, text: string): Promise<Response> {
  await Promise.resolve();
  const message = withText({ $typeName: request.method.output.typeName }, text);
  if (!request.stream) return { stream: false, message };
  return { stream: true, message: ReadableStream.from([message]) };
}

for (const { kind, call } of KINDS) {
  Deno.test(`Interceptors of a ${kind} call: the first sees it first and its replies last`, async () => {
    const { greeter } = interceptGreeter({
      client: [addDigits(2, 9), addDigits(3, 8)],
      server: [addDigits(4, 7), addDigits(5, 6)],
    });
    assertEquals(await call(greeter, "1"), ["123456789"]);
  });
}

for (const side of SIDES) {
  for (const { kind, call } of KINDS) {
    const name = `Interceptor on the ${side} of a ${kind} call`;

    Deno.test(`${name} knows what is called, with which messages, by whom`, async () => {
      const seen: Request[] = [];
      const see: Interceptor = (next) => (request) => {
        seen.push(request);
        return next(request);
      };
      const { greeter } = interceptGreeter({ [side]: [see] });
      await call(greeter, "1", { metadata: { Trace: "7" } });
      const [request] = seen;
      assert(request !== undefined);
      const { service, method, stream, metadata, remote } = request;
      assertEquals([service.typeName, method.methodKind, stream], [
        "greeter.v1.Greeter",
        kind,
        kind !== "unary",
      ]);
      assertEquals([...metadata], [["trace", "7"]]);
      assertEquals(remote, side === "client" ? undefined : { address: "memory" });
    });

    Deno.test(`${name} may change metadata and context values, in place or by others`, async () => {
      const user = createContextKey("nobody");
      const seen: string[] = [];
      const inPlace: Interceptor = (next) => (request) => {
        request.metadata.append("from", "one");
        request.contextValues.set(user, "one");
        return next(request);
      };
      const see: Interceptor = (next) => (request) => {
        seen.push(request.contextValues.get(user));
        return next(request);
      };
      const byOthers: Interceptor = (next) => (request) => {
        const metadata = new Metadata([...request.metadata, ["FROM", "other"]]);
        const contextValues = createContextValues().set(user, "other");
        return next({ ...request, metadata, contextValues });
      };
      const { greeter, contexts } = interceptGreeter({ [side]: [inPlace, see, byOthers, see] });
      await call(greeter, "1", { metadata: { from: "caller" } });
      assertEquals(seen, ["one", "other"]);
      const [context] = contexts;
      assertEquals(context?.metadata.getAll("from"), ["caller", "one", "other"]);
      assertEquals(context?.contextValues.get(user), side === "client" ? "nobody" : "other");
    });

    Deno.test(`${name} may answer without next`, async () => {
      const { greeter, transport, contexts } = interceptGreeter({
        [side]: [() => (request: Request) => replyOf(request, "7")],
      });
      assertEquals(await call(greeter, "1"), ["7"]);
      assertEquals([contexts.length, transport.stats().openCalls], [0, 0]);
    });

    for (const when of ["before", "after"] as const) {
      const throwing = (error: Error): Interceptor => (next) => async (request) => {
        if (when === "after") await next(request);
        throw error;
      };

      Deno.test(`${name} fails it with the TtrpcError that it throws ${when} next`, async () => {
        const thrown = new TtrpcError("Not you", Code.PermissionDenied);
        const { greeter, contexts, errors } = interceptGreeter({ [side]: [throwing(thrown)] });
        const error = await assertRejects(() => call(greeter, "1"), TtrpcError);
        assertEquals([error.code, error.rawMessage], [thrown.code, thrown.rawMessage]);
        assertEquals(errors, []);
        if (when === "before") assertEquals(contexts, []);
      });

      Deno.test(`${name} fails it with another error that it throws ${when} next`, async () => {
        const thrown = new RangeError("none left");
        const { greeter, errors } = interceptGreeter({ [side]: [throwing(thrown)] });
        const error = await assertRejects(() => call(greeter, "1"), TtrpcError);
        assertEquals([error.code, error.rawMessage], [Code.Unknown, thrown.message]);
        if (side === "client") return assertStrictEquals(error.cause, thrown);
        await settled();
        assertEquals(errors.map(([error, { method }]) => [error, method?.methodKind]), [[thrown, kind]]);
      });
    }

    for (const way of ["request", "reply"] as const) {
      // What a handler reads of a stream, it has to look at itself.
      if (way === "request" && side === "server" && /client|bidi/.test(kind)) continue;
      Deno.test(`${name} that puts a message of another type in place of the ${way} is told so`, async () => {
        const wrong = () => create(MissingFieldSchema, { field: "oops" });
        const keep = <T>(message: T): T => message;
        const interceptor = way === "request" ? mapMessages(wrong, keep) : mapMessages(keep, wrong);
        const { greeter } = interceptGreeter({ [side]: [interceptor] });
        await assertRejects(() => call(greeter, "1"), TtrpcError, "Cannot use a greeter.v1.MissingField: ");
      });
    }

    Deno.test(`${name} that answers with another kind of response, or none, is told so`, async () => {
      const other: Response = kind === "unary"
        ? { stream: true, message: ReadableStream.from([]) }
        : { stream: false, message: withText({ $typeName: "greeter.v1.CountReply" }, "1") };
      for (const response of [other, undefined]) {
        // A program in JavaScript may do as it likes.
        const interceptor: Interceptor = () => () => Promise.resolve(response as Response);
        const { greeter, errors } = interceptGreeter({ [side]: [interceptor] });
        const error = await assertRejects(
          () => call(greeter, "1"),
          TtrpcError,
          "Cannot take what an interceptor returns for ",
        );
        await settled();
        assertEquals(errors.length, side === "client" ? 0 : 1, error.message);
      }
    });
  }

  for (const { kind, call } of STREAMS) {
    Deno.test(`Interceptor on the ${side} of a ${kind} call can't ask next twice`, async () => {
      const twice: Interceptor = (next) => async (request) => {
        const first = await next(request);
        await assertRejects(async () => await next(request), TypeError, "Cannot call next again");
        return first;
      };
      const { greeter, contexts } = interceptGreeter({ [side]: [twice] });
      assertEquals(await call(greeter, "1"), ["1"]);
      assertEquals(contexts.length, 1);
    });
  }

  Deno.test(`Interceptor on the ${side} of a unary call may ask next again`, async () => {
    const again: Interceptor = (next) => async (request) => {
      try {
        return await next(request);
      } catch {
        return await next(request);
      }
    };
    let tries = 0;
    const { greeter } = interceptGreeter({ [side]: [again, again] }, {
      hello({ name }) {
        if (++tries < 4) throw new TtrpcError("Not yet", Code.Unavailable);
        return { text: name };
      },
    });
    assertEquals((await greeter.hello({ name: "Ada" })).text, "Ada");
    assertEquals(tries, 4);
  });
}
