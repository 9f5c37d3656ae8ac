import { expect, test } from "vitest";
import { AUDIT_TOOLS, parseAuditCall } from "#domain/tools/audit-tools.ts";
import { codeOf } from "../code-of.ts";

test("the operators' tools change nothing, are shown to operators alone, and each takes a home", () => {
  expect(
    AUDIT_TOOLS.map((tool) => [
      tool.name,
      tool.scope,
      tool.shownTo,
      tool.annotations.readOnlyHint,
      Object.hasOwn(tool.properties, "home"),
    ]),
  ).toEqual([
    ["list_runs", "read", "operators", true, true],
    ["explain_run", "read", "operators", true, true],
    ["verify_runs", "read", "operators", true, true],
  ]);
});

test.each(AUDIT_TOOLS.map((tool) => [tool.name, tool] as const))(
  "the example in the description of %s is a call that it accepts",
  (name, { description }) => {
    const example = / Example: (\{.*\})$/.exec(description)?.[1] ?? "";

    expect(parseAuditCall(name, JSON.parse(example))).toMatchObject({ tool: name });
  },
);

test("what is asked of list_runs is a filter", () => {
  const given = { person: "alice", result: "cut_off", since: "8h", home: "cabin", page: "token" };

  expect(parseAuditCall("list_runs", given)).toEqual({
    tool: "list_runs",
    detail: "brief",
    since: "8h",
    filter: { person: "alice", end: "cut_off" },
    home: "cabin",
    page: "token",
  });
});

test.each<[string, unknown]>([
  ["list_runs", { result: "splendid" }],
  ["list_runs", { result: "toString" }],
  ["list_runs", { day: "2026-11-27" }],
  ["list_runs", { person: "\u202ealice" }],
  ["explain_run", {}],
  ["explain_run", { run_id: "" }],
  ["verify_runs", { run_ids: [] }],
  ["verify_runs", { run_ids: ["a", "b", "c", "d", "e", "f"] }],
  ["verify_runs", { run_ids: 3 }],
])("%s refuses %j", (name, given) => {
  expect(codeOf(() => parseAuditCall(name, given))).toBe("ArgumentsInvalid");
});

test.each(["get_home", "audit___list_runs", "toString", ""])("%j is no tool of it", (name) => {
  expect(codeOf(() => parseAuditCall(name, {}))).toBe("ToolUnknown");
});
