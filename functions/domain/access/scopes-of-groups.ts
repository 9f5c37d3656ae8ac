import type { Scope } from "./caller.ts";

// The groups of the user pool, by what their people may do; who is in several has the rights of each.
const SCOPES: ReadonlyMap<string, readonly Scope[]> = new Map([
  ["operators", ["read", "write"]],
  ["residents", ["read", "write"]],
  ["guests", ["read"]],
]);

/** What a person may do, by the groups they are in. A group that nobody here knows gives nothing. */
export const scopesOfGroups = (groups: readonly string[]): readonly Scope[] => {
  const granted = groups.flatMap((group) => SCOPES.get(group) ?? []);
  return (["read", "write"] as const).filter((scope) => granted.includes(scope));
};
