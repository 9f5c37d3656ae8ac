import { expect, test } from "vitest";
import { scopesOfGroups } from "#domain/access/scopes-of-groups.ts";

// REQ: rights-by-group
test.for<readonly [readonly string[], readonly string[]]>([
  [["residents"], ["read", "write"]],
  [["operators"], ["read", "write"]],
  [["guests"], ["read"]],
  [[], []],
  [
    ["guests", "residents"],
    ["read", "write"],
  ],
  [
    ["operators", "guests"],
    ["read", "write"],
  ],
  [["Residents"], []],
  [["residents "], []],
  [["neighbours", "guests"], ["read"]],
  [["__proto__", "constructor"], []],
])("a person in %j may %j", ([groups, scopes]) => {
  expect(scopesOfGroups(groups)).toEqual(scopes);
});
