import { HomeError } from "#domain/home-error.ts";

/** What a token allows: `read` looks, `write` changes. */
export type Scope = "read" | "write";

/** Who called, from the verified token, never from the arguments. */
export interface Caller {
  readonly sub: string;
  readonly clientId: string;
  /** Absent for a machine client. */
  readonly username?: string;
  readonly scopes: readonly Scope[];
}

/** The resource server whose scopes these are. */
export const RESOURCE_SERVER = "smarthome-gateway";

/** A scope as it stands in a token, e.g. `smarthome-gateway/read`. */
export const fullScope = (scope: Scope): string => `${RESOURCE_SERVER}/${scope}`;

/** Headers that the gateway's REQUEST interceptor sets from the verified token; it overwrites what a client sends. */
export const CALLER_HEADERS = {
  sub: "x-caller-sub",
  clientId: "x-caller-client-id",
  username: "x-caller-username",
  scopes: "x-caller-scopes",
} as const;

// An empty value may be dropped on the way, and what the client sent under this name with it.
const NO_NAME = "-";

const usernameHeader = (username = ""): string => {
  if (username === "") return NO_NAME;
  return username === NO_NAME ? "%2D" : encodeURIComponent(username.toWellFormed());
};

/** The headers that tell a target who calls; the username percent-encoded, because values must be printable ASCII. */
export const callerHeaders = (caller: Caller): Readonly<Record<string, string>> => ({
  [CALLER_HEADERS.sub]: caller.sub,
  [CALLER_HEADERS.clientId]: caller.clientId,
  [CALLER_HEADERS.username]: usernameHeader(caller.username),
  [CALLER_HEADERS.scopes]: caller.scopes.map(fullScope).join(" "),
});

/**
 * Reads the caller out of the propagated headers. Fails closed: a missing caller is no caller.
 * @throws HomeError `CallerUnknown`
 */
export const parseCaller = (headers: Readonly<Record<string, unknown>>): Caller => {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const sub = text(CALLER_HEADERS.sub);
  const clientId = text(CALLER_HEADERS.clientId);
  if (sub === undefined || clientId === undefined) {
    throw new HomeError(
      "CallerUnknown",
      "The call carries no verified caller; it must come through the gateway. Nothing was changed.",
    );
  }
  const granted = (text(CALLER_HEADERS.scopes) ?? "").split(" ");
  // A machine is its own subject and has no name; whatever stands there did not come from its token.
  const username = sub === clientId ? undefined : decoded(text(CALLER_HEADERS.username));
  return {
    sub,
    clientId,
    ...(username === undefined ? {} : { username }),
    scopes: (["read", "write"] as const).filter((scope) => granted.includes(fullScope(scope))),
  };
};

const decoded = (text: string | undefined): string | undefined => {
  if (text === undefined || text === NO_NAME) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** May the caller do what needs `scope`? Writing includes reading. */
export const mayUse = (caller: Caller, scope: Scope): boolean =>
  caller.scopes.includes(scope) || caller.scopes.includes("write");

/**
 * Promises that the caller may do what needs `scope`.
 * @throws HomeError `NotAllowed`
 */
export const requireScope = (caller: Caller, scope: Scope, tool: string): void => {
  if (mayUse(caller, scope)) return;
  throw new HomeError(
    "NotAllowed",
    `Your sign-in may not use ${tool}: it needs the scope ${fullScope(scope)}. Tell the user; do not retry. Nothing was changed.`,
  );
};
