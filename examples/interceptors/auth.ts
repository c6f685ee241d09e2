import { Code, type ContextKey, createContextKey, type Interceptor, TtrpcError } from "../../mod.ts";

/** Who calls, as {@linkcode authenticate} tells handlers: `context.contextValues.get(user)`. */
export const user: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined, {
  description: "who calls",
});

/** On a client: sends a token along with each call. */
export function sendToken(token: string): Interceptor {
  return (next) => (request) => {
    request.metadata.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

/**
 * On a server: lets only calls in whose token is known, and tells the handler whose it is.
 *
 * @param users Tokens with their owners.
 */
export function authenticate(users: ReadonlyMap<string, string>): Interceptor {
  return (next) => async (request) => {
    const token = /^Bearer (.+)$/.exec(request.metadata.get("authorization") ?? "")?.[1];
    const owner = token === undefined ? undefined : users.get(token);
    if (owner === undefined) throw new TtrpcError("Who are you?", Code.Unauthenticated);
    request.contextValues.set(user, owner);
    return await next(request);
  };
}
