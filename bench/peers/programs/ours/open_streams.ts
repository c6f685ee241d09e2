import type { BenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";

/**
 * Opens streams that then do nothing.
 *
 * @returns A function that ends them, once each has had an answer.
 */
export async function openStreams(bench: BenchClient, count: number): Promise<() => void> {
  const end = Promise.withResolvers<void>();
  async function* messages() {
    yield { data: new Uint8Array([1]) };
    await end.promise;
  }
  const streams = Array.from({ length: count }, () => bench.exchange(messages())[Symbol.asyncIterator]());
  for (const stream of streams) await stream.next();
  return () => {
    end.resolve();
    for (const stream of streams) stream.return?.();
  };
}
