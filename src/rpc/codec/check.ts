/** One for all: it is caught right away, and what it stands for is said by protobuf-es. */
const SURPRISE = new Error("Not what the compiled codec is made for");

/**
 * Goes on only with what compiled code was made for. Whatever else there may be is left to protobuf-es, which
 * knows whether it is odd or wrong.
 *
 * @throws {Error} If it is not.
 */
export function check(isExpected: boolean): asserts isExpected {
  if (!isExpected) throw SURPRISE;
}
