import type { Caller, Scope } from "#domain/access/caller.ts";
import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";

const SCOPES: readonly unknown[] = ["read", "write"] satisfies Scope[];

const isScope = (value: unknown): value is Scope => SCOPES.includes(value);

/**
 * Reads a caller as a record keeps them.
 * @throws what `wrong` makes, naming the member
 */
export const parseRecordedCaller = (value: unknown, wrong: (what: string) => HomeError): Caller => {
  if (!isObject(value)) throw wrong("caller must be an object.");
  const { sub, clientId, username, scopes } = value;
  if (typeof sub !== "string") throw wrong("caller.sub must be a text.");
  if (typeof clientId !== "string") throw wrong("caller.clientId must be a text.");
  if (username !== undefined && typeof username !== "string") {
    throw wrong("caller.username must be a text.");
  }
  if (!Array.isArray(scopes) || !scopes.every(isScope)) {
    throw wrong("caller.scopes must be a list of read and write.");
  }
  return { sub, clientId, ...(username === undefined ? {} : { username }), scopes };
};
