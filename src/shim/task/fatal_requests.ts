import { Code } from "../../rpc/code.ts";
import type { InterceptedNext, UnaryRequest } from "../../rpc/interceptor.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";

/** The fields of requests of the Task service that matter here. */
interface TaskRequestFields {
  stdin?: string;
  stdout?: string;
  stderr?: string;
  terminal?: boolean;
  spec?: unknown;
  resources?: unknown;
}

/**
 * Refuses the requests that crash every shim there is, or leave it hanging: nothing of them is sent.
 *
 * A shim that crashes leaves its containers without anybody to watch them.
 */
export function refuseFatalRequests(next: InterceptedNext): InterceptedNext {
  return (request) => {
    const problem = request.stream ? undefined : fatalProblem(request);
    if (problem === undefined) return next(request);
    const message = `Cannot ask a shim to ${request.method.name}: ${problem}`;
    throw new TtrpcError(message, Code.InvalidArgument, { requestSent: false });
  };
}

function fatalProblem({ service, method, message }: UnaryRequest): string | undefined {
  if (!/^containerd\.task\.v\d+\.Task$/.test(service.typeName)) return undefined;
  const request = message as TaskRequestFields;
  switch (method.name) {
    case "Exec":
      return request.spec === undefined ? "it crashes without a spec" : stdioProblem(request);
    case "Create":
      return stdioProblem(request);
    case "Update":
      return request.resources === undefined ? "it crashes without resources" : undefined;
    default:
      return undefined;
  }
}

function stdioProblem({ stdin, stdout, stderr, terminal }: TaskRequestFields): string | undefined {
  if (terminal) return undefined;
  if (stdout && !stderr) return "it crashes or fails with stdout alone; give both, or /dev/null for one";
  if (stderr && !stdout) return "it fails with stderr alone; give both, or /dev/null for one";
  return stdin && !stdout ? "it hangs with stdin alone; give /dev/null for stdout and stderr" : undefined;
}
