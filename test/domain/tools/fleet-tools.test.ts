import { expect, test } from "vitest";
import { EVERY_TOOL } from "#domain/tools/every-tool.ts";
import { FLEET_TOOLS, parseFleetCall } from "#domain/tools/fleet-tools.ts";
import { codeOf } from "../code-of.ts";

test("the fleet has one tool, which changes nothing and takes no home", () => {
  expect(
    FLEET_TOOLS.map((tool) => [
      tool.name,
      tool.scope,
      tool.shownTo,
      tool.annotations.readOnlyHint,
      Object.keys(tool.properties),
    ]),
  ).toEqual([["list_fleet_runs", "read", "operators", true, ["day", "result", "page"]]]);
});

// REQ: tool-budget
test("all targets' tools have different names, ten of them are the household's, within 12,000 characters together", () => {
  const texts = EVERY_TOOL.map(({ name, description, properties, required }) => ({
    name,
    description,
    inputSchema: { type: "object", properties, required },
  }));

  expect(texts.map(({ name }) => name)).toEqual([
    "get_home",
    "get_state",
    "plan_scene",
    "run_scene",
    "set_devices",
    "get_run",
    "undo_run",
    "save_scene",
    "explain_device",
    "schedule_scene",
    "list_fleet_runs",
    "list_runs",
    "explain_run",
    "verify_runs",
  ]);
  expect(JSON.stringify(texts).length).toBeLessThan(12_000);
});

test("the example in its description is a call that it accepts", () => {
  const example = / Example: (\{.*\})$/.exec(FLEET_TOOLS[0]?.description ?? "")?.[1] ?? "";

  expect(parseFleetCall("list_fleet_runs", JSON.parse(example))).toEqual({
    day: "2026-11-27",
    result: "failed",
  });
});

test.each<[object]>([
  [{}],
  [{ day: "2028-02-29" }],
  [{ result: "running" }],
  [{ day: "2026-11-27", result: "done", page: "token" }],
])("takes %j as it is", (given) => {
  expect(parseFleetCall("list_fleet_runs", given)).toEqual(given);
});

test.each<[unknown]>([
  [{ day: "27.11.2026" }],
  [{ day: "2026-02-30" }],
  [{ day: "2026-13-01" }],
  [{ day: "2026-11-27T00:00:00Z" }],
  [{ day: "HOME#a" }],
  [{ day: 20_261_127 }],
  [{ result: "splendid" }],
  [{ result: "toString" }],
  [{ page: "x".repeat(129) }],
  [{ home: "a" }],
  [[]],
])("refuses %j", (given) => {
  expect(codeOf(() => parseFleetCall("list_fleet_runs", given))).toBe("ArgumentsInvalid");
});

test.each(["get_home", "fleet___list_fleet_runs", "toString", ""])(
  "%j is no tool of it",
  (name) => {
    expect(codeOf(() => parseFleetCall(name, {}))).toBe("ToolUnknown");
  },
);
