/** What a row may ask of the server; without, all is as it is by default. */
export interface ServerOptions {
  maxConcurrentStreams?: number;
  /** How many services there are beside those that all rows call. */
  services: number;
  /** Whether an interceptor sees each call. */
  intercepts: boolean;
}

/** Reads the arguments behind the socket: `streams=N`, `services=N`, `intercept`. */
export function readServerOptions(args: readonly string[]): ServerOptions {
  const values = new Map(args.map((arg) => {
    const [name = "", value] = arg.split("=");
    return [name, Number(value)];
  }));
  return {
    maxConcurrentStreams: values.get("streams"),
    services: values.get("services") ?? 0,
    intercepts: values.has("intercept"),
  };
}
