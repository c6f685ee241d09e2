import { type Interceptor, Metadata } from "../../mod.ts";

/** What the interceptors of both sides add to the metadata of each call, in this order. */
export const HOPS: [key: string, value: string][] = [["hop", "client"], ["hop", "server"]];

/** An interceptor that adds its hop, and hands messages through its own generators. */
export function addHop(side: "client" | "server"): Interceptor {
  return (next) => async (request) => {
    const metadata = new Metadata([...request.metadata, ["hop", side]]);
    if (!request.stream) return await next({ ...request, metadata });
    const response = await next({ ...request, metadata, message: through(request.message) });
    return response.stream ? { ...response, message: through(response.message) } : response;
  };
}

async function* through<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
  yield* messages;
}
