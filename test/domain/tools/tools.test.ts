import { describe, expect, test } from "vitest";
import { parseToolCall, TOOLS, toolNamed } from "#domain/tools/tools.ts";
import { codeOf, messageOf } from "../code-of.ts";

test("the household has ten tools; five of them change something", () => {
  expect(TOOLS.map((tool) => [tool.name, tool.scope, tool.annotations.readOnlyHint])).toEqual([
    ["get_home", "read", true],
    ["get_state", "read", true],
    ["plan_scene", "read", true],
    ["run_scene", "write", false],
    ["set_devices", "write", false],
    ["get_run", "read", true],
    ["undo_run", "write", false],
    ["save_scene", "write", false],
    ["explain_device", "read", true],
    ["schedule_scene", "write", false],
  ]);
});

/** As the gateway lists it: `longest` and `isDocument` are the reading's own. */
const listed = ({ name, description, properties, required }: (typeof TOOLS)[number]): string =>
  JSON.stringify(
    { name, description, inputSchema: { type: "object", properties, required } },
    (key, value: unknown) => (key === "longest" || key === "isDocument" ? undefined : value),
  );
const characters = TOOLS.map(listed).join("").length;

// REQ: tool-budget
test(`the household's tools have ${characters} of 12,000 characters`, () => {
  expect(characters).toBeLessThan(12_000);
  expect(TOOLS.length).toBeLessThanOrEqual(12);
});

test.each(TOOLS.map((tool) => [tool.name, tool] as const))(
  "the example in the description of %s is a call it accepts",
  (name, tool) => {
    const example = / Example: (\{.*\})$/.exec(tool.description)?.[1] ?? "";

    expect(codeOf(() => parseToolCall(name, JSON.parse(example)))).toBeUndefined();
  },
);

test.each(["", "get_homes", "GET_HOME", "home___get_home", "toString", "__proto__"])(
  "%j is no tool",
  (name) => {
    expect(codeOf(() => toolNamed(name))).toBe("ToolUnknown");
    expect(codeOf(() => parseToolCall(name, {}))).toBe("ToolUnknown");
  },
);

test("who asks for an unknown tool is told the known ones", () => {
  expect(messageOf(() => toolNamed("lights"))).toBe(
    'No tool is called "lights"; known: get_home, get_state, plan_scene, run_scene, set_devices, get_run, undo_run, save_scene, explain_device, schedule_scene. Nothing was changed.',
  );
});

test.each<[string, object, object]>([
  ["get_home", {}, { tool: "get_home", detail: "brief" }],
  ["get_home", { detail: "full" }, { tool: "get_home", detail: "full" }],
  ["plan_scene", { scene: "goodnight" }, { tool: "plan_scene", scene: "goodnight", except: [] }],
  [
    "plan_scene",
    { scene: "🌙", except: ["Hall lamp"] },
    { tool: "plan_scene", scene: "🌙", except: ["Hall lamp"] },
  ],
  [
    "plan_scene",
    { scene: "evening", parameters: ["level=70", "look = warm white"] },
    {
      tool: "plan_scene",
      scene: "evening",
      except: [],
      parameters: { level: "70", look: "warm white" },
    },
  ],
  [
    "save_scene",
    { name: "Film night", devices: ["Living room"] },
    { tool: "save_scene", from: { name: "Film night", devices: ["Living room"] } },
  ],
  ["save_scene", { definition: "{}" }, { tool: "save_scene", from: { definition: "{}" } }],
  ["run_scene", { scene: "goodnight" }, { tool: "run_scene", scene: "goodnight", except: [] }],
  [
    "run_scene",
    { scene: "goodnight", except: [], request_id: "9f1c2a", reason: "going to bed" },
    {
      tool: "run_scene",
      scene: "goodnight",
      except: [],
      requestId: "9f1c2a",
      reason: "going to bed",
    },
  ],
  ["undo_run", { run_id: "run_1" }, { tool: "undo_run", runId: "run_1" }],
  ["get_run", { run_id: "run_1" }, { tool: "get_run", runId: "run_1", detail: "brief" }],
  [
    "get_run",
    { request_id: "9f1c2a", detail: "full" },
    { tool: "get_run", requestId: "9f1c2a", detail: "full" },
  ],
  [
    "schedule_scene",
    { action: "create", schedule: "Evening", scene: "goodnight", when: "sunset -30m" },
    {
      tool: "schedule_scene",
      action: "create",
      schedule: "Evening",
      scene: "goodnight",
      when: "sunset -30m",
    },
  ],
  [
    "schedule_scene",
    {
      action: "change",
      schedule: "evening",
      except: [],
      gap: "run_after",
      missed: "run_once_if_within 30m",
      spread: "1h",
      holidays: "skip",
    },
    {
      tool: "schedule_scene",
      action: "change",
      schedule: "evening",
      except: [],
      gap: "run_after",
      missed: { policy: "run_once_if_within", minutes: 30 },
      spreadMinutes: 60,
      skipHolidays: true,
    },
  ],
  ["schedule_scene", { action: "list" }, { tool: "schedule_scene", action: "list" }],
])("%s takes %j", (name, given, call) => {
  expect(parseToolCall(name, given)).toEqual(call);
});

// REQ: lenient-arguments
describe("what models send", () => {
  test.each<[string, string, object, object]>([
    [
      "null is absent",
      "plan_scene",
      { scene: "x", except: null, parameters: null },
      { scene: "x", except: [] },
    ],
    ["an empty text is absent", "get_home", { detail: "", home: " " }, { detail: "brief" }],
    ["a word's case does not matter", "get_home", { detail: "Full" }, { detail: "full" }],
    [
      "one name is a list",
      "plan_scene",
      { scene: "x", except: "Hall lamp" },
      { except: ["Hall lamp"] },
    ],
    [
      "a list as its JSON text",
      "plan_scene",
      { scene: "x", except: '["Hall lamp", "TV"]' },
      { except: ["Hall lamp", "TV"] },
    ],
    [
      "an empty list as its JSON text",
      "get_state",
      { devices: "[]", only: "open" },
      { devices: [], only: ["open"] },
    ],
    [
      "nothing for what is not there",
      "run_scene",
      { scene: "x", request_id: "", confirm: null },
      { scene: "x" },
    ],
    [
      "one object is a list",
      "set_devices",
      { devices: { device: "TV", want: "off" } },
      { wishes: [{ device: "TV", want: "off" }] },
    ],
    [
      "objects as their JSON texts",
      "set_devices",
      { devices: ['{"device":"TV","want":{"playback":"off"}}'] },
      { wishes: [{ device: "TV", want: { playback: "off" } }] },
    ],
  ])("%s", (_, name, given, call) => {
    expect(parseToolCall(name, given)).toMatchObject(call);
    expect(parseToolCall(name, given)).not.toHaveProperty("ignored");
  });

  test("what a tool that looks has no argument for is passed over and named", () => {
    expect(parseToolCall("get_home", { room: "Hall", toString: "x" })).toEqual({
      tool: "get_home",
      detail: "brief",
      ignored: ["room", "toString"],
    });
  });

  test.each(["run_scene", "set_devices", "undo_run", "save_scene", "schedule_scene"])(
    "%s, which changes something, refuses what it has no argument for",
    (name) => {
      expect(messageOf(() => parseToolCall(name, { confirm: true }))).toContain(
        'there is no argument "confirm"; there are ',
      );
    },
  );
});

test.each<[string, unknown]>([
  ["get_home", undefined],
  ["get_home", null],
  ["get_home", []],
  ["get_home", "full"],
  ["get_home", { detail: "long" }],
  ["get_home", { detail: true }],
  ["plan_scene", {}],
  ["plan_scene", { scene: undefined }],
  ["plan_scene", { scene: null }],
  ["plan_scene", { scene: "" }],
  ["plan_scene", { scene: "  " }],
  ["plan_scene", { scene: 1 }],
  ["plan_scene", { scene: ["goodnight"] }],
  ["plan_scene", { scene: "a".repeat(65) }],
  ["plan_scene", { scene: "good\nnight" }],
  ["plan_scene", { scene: "good\u001bnight" }],
  ["plan_scene", { scene: "x", except: {} }],
  ["plan_scene", { scene: "x", except: [1] }],
  ["plan_scene", { scene: "x", except: [""] }],
  ["plan_scene", { scene: "x", except: [" "] }],
  ["plan_scene", { scene: "x", except: ["a".repeat(65)] }],
  ["plan_scene", { scene: "x", except: ["a\u0000"] }],
  ["plan_scene", { scene: "x", except: Array(251).fill("a") }],
  ["run_scene", { request_id: "1" }],
  ["run_scene", { scene: "x", request_id: 1 }],
  ["run_scene", { scene: "x", request_id: "a".repeat(65) }],
  ["run_scene", { scene: "x", reason: "a".repeat(201) }],
  ["run_scene", { scene: "x", confirm: true }],
  ["schedule_scene", {}],
  ["schedule_scene", { action: "change", schedule: "evening" }],
  ["schedule_scene", { action: "remove" }],
  ["schedule_scene", { action: "list", scene: "goodnight" }],
  ["get_run", {}],
  ["get_run", { detail: "full" }],
  ["get_run", { run_id: "a", request_id: "b" }],
  ["get_run", { run_id: "a".repeat(65) }],
  ["get_run", { run_id: "a", detail: "all" }],
])("%s does not take %j", (name, given) => {
  expect(codeOf(() => parseToolCall(name, given))).toBe("ArgumentsInvalid");
});

describe("at its limit is accepted", () => {
  test.each<[string, object]>([
    ["a name of 64 characters", { scene: "a".repeat(64) }],
    ["a reason of 200 characters", { scene: "x", reason: "a".repeat(200) }],
    ["a list of 250 names", { scene: "x", except: Array(250).fill("a") }],
  ])("%s", (_, given) => {
    expect(codeOf(() => parseToolCall("run_scene", given))).toBeUndefined();
  });
});

test.each<[string, unknown, string]>([
  [
    "plan_scene",
    {},
    'plan_scene: "scene" is missing. Example: {"scene":"goodnight","except":["Hall lamp"]}. Nothing was changed.',
  ],
  [
    "get_run",
    [],
    'get_run: the arguments must be an object. Example: {"run_id":"run_0123456789abcdefghjk","detail":"full"}. Nothing was changed.',
  ],
  [
    "undo_run",
    { run_id: "run_1", sure: true },
    'undo_run: there is no argument "sure"; there are run_id, request_id, reason, wait_s, home. Leave it out, or say it in one of those. Example: {"run_id":"run_0123456789abcdefghjk"}. Nothing was changed.',
  ],
  [
    "plan_scene",
    { scene: "x", except: 3 },
    'plan_scene: "except" must be a list of texts; got 3. Example: {"scene":"goodnight","except":["Hall lamp"]}. Nothing was changed.',
  ],
  [
    "plan_scene",
    { scene: ["x"] },
    'plan_scene: "scene" must be a text; got ["x"]. Example: {"scene":"goodnight","except":["Hall lamp"]}. Nothing was changed.',
  ],
  [
    "get_run",
    {},
    'get_run: give either "run_id" or "request_id". Example: {"run_id":"run_0123456789abcdefghjk","detail":"full"}. Nothing was changed.',
  ],
  [
    "get_home",
    { detail: "long" },
    'get_home: "detail" must be "brief" or "full". Example: {"detail":"brief"}. Nothing was changed.',
  ],
])("%s called with %j is told: %s", (name, given, told) => {
  expect(messageOf(() => parseToolCall(name, given))).toBe(told);
});
