import { Code, codeToString, type Interceptor, TtrpcError } from "../../mod.ts";

/**
 * Writes a line for each call when it is over: what was called, how it ended, how long it took.
 *
 * @param write Takes the lines.
 */
export function logCalls(write: (line: string) => void): Interceptor {
  return (next) => async (request) => {
    const start = performance.now();
    const finish = (code: Code) => {
      const name = `${request.service.typeName}/${request.method.name}`;
      write(`${name} ${codeToString(code)} ${(performance.now() - start).toFixed(1)} ms`);
    };
    try {
      const response = await next(request);
      if (response.stream) return { ...response, message: finishing(response.message, finish) };
      finish(Code.Ok);
      return response;
    } catch (error) {
      finish(TtrpcError.from(error).code);
      throw error;
    }
  };
}

/** A stream of replies is over when it was read, failed, or its reader has left. */
async function* finishing<T>(messages: AsyncIterable<T>, finish: (code: Code) => void): AsyncGenerator<T> {
  let code = Code.Canceled;
  try {
    yield* messages;
    code = Code.Ok;
  } catch (error) {
    code = TtrpcError.from(error).code;
    throw error;
  } finally {
    finish(code);
  }
}
