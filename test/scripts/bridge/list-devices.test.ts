import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { FoundDevice } from "#bridges/core/bridge.ts";
import { parseBridgeFile } from "#bridges/core/bridge-file.ts";
import { deviceLines } from "../../../scripts/bridge/list-devices.ts";

const FILE = parseBridgeFile({ url: "mqtt://h" });
const device = (name: string): FoundDevice => ({
  address: "0x1",
  name,
  groups: [],
  isOnline: true,
  capabilities: { kind: "sensor", fields: {}, senses: [], isSleepy: false, evidence: "report" },
});
const lineThatAdds = (name: string): string =>
  deviceLines([device(name)], FILE, "add").at(-1) ?? "";

test.each([
  ["kitchen/coffee", "    add --add kitchen/coffee"],
  ["Sofa lamp", "    add --add 'Sofa lamp'"],
  ['x"; touch /tmp/owned; "', `    add --add 'x"; touch /tmp/owned; "'`],
  ["x$(touch /tmp/owned)`id`", "    add --add 'x$(touch /tmp/owned)`id`'"],
  ["x'; touch /tmp/owned; '", `    add --add 'x'\\''; touch /tmp/owned; '\\'''`],
  ["--aws", "    add --add 0x1"],
  ["ALL", "    add --add 0x1"],
  ["x\ntouch /tmp/owned\n", "    add --add 0x1"],
])("the line that adds %j is one word for a shell", (name, expected) => {
  expect(lineThatAdds(name)).toBe(expected);
});

test("a shell that is given the line sees the name and runs nothing of it", () => {
  const name = "'; echo owned; echo \"$(echo owned)\" `echo owned` \\ !x '";

  const word = lineThatAdds(name).slice("    add --add ".length);

  expect(execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" })).toBe(name);
});

test("a terminal is told nothing by a device's name, model or trouble", () => {
  const hostile = "\u001b]0;owned\u0007\u202e";

  const lines = deviceLines(
    [{ ...device(hostile), model: hostile, trouble: hostile }],
    FILE,
    "add",
  );

  expect(lines).toEqual([
    "\\u{1b}]0;owned\\u{7}\\u{202e}  (sensor, \\u{1b}]0;owned\\u{7}\\u{202e}, 0x1)",
    "    \\u{1b}]0;owned\\u{7}\\u{202e}",
    "    add --add 0x1",
  ]);
});

test("where a device is and which groups it is in stands below it", () => {
  const lamp = { ...device("lamp"), room: "Kitchen", groups: ["downstairs", "all lights"] };

  expect(deviceLines([lamp], FILE, "add")).toEqual([
    "lamp  (sensor, 0x1)",
    "    room Kitchen; groups downstairs, all lights",
    "    add --add lamp",
  ]);
});
