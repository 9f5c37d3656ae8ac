import { expect, test } from "vitest";
import { spelt, speltJson } from "#domain/printable.ts";
import { csvLine } from "../../../scripts/audit/csv.ts";
import { reportLine, whoChangedIt } from "../../../scripts/audit/device-lines.ts";
import { runCells, runJson, runListLines } from "../../../scripts/audit/run-lines.ts";

// REQ: audit-text-only
test.each([
  ["<img src=x onerror=alert(1)>", '"<img src=x onerror=alert(1)>"'],
  ["=1+2", `"'=1+2"`],
  ["+1", `"'+1"`],
  ["-1", `"'-1"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["\tx", `"'\\u{9}x"`],
  ["\rx", `"'\\u{d}x"`],
  ["\nx", `"'\\u{a}x"`],
  ["＝1", `"'＝1"`],
  ['a";=1', '"a"";=1"'],
  ["a,b", '"a,b"'],
  ["Anna\u202egpj.exe", '"Anna\\u{202e}gpj.exe"'],
  ["\u001b[2Jx", '"\\u{1b}[2Jx"'],
])("%j is text in a cell of CSV", (text, cell) => {
  expect(csvLine([text])).toBe(cell);
});

test("numbers are numbers in CSV, and what is not there is an empty cell", () => {
  expect(csvLine([14, undefined, "a"])).toBe('14,"","a"');
});

test.each([
  ["\u001b]0;title\u0007", "\\u{1b}]0;title\\u{7}"],
  ["\u202eevil", "\\u{202e}evil"],
  ["a\nb", "a\\u{a}b"],
  ["a\u{e0041}b", "a\\u{e0041}b"],
  ["Schlafzimmer 🌙", "Schlafzimmer 🌙"],
])("what a terminal would obey is spelt out: %j", (text, shown) => {
  expect(spelt(text)).toBe(shown);
});

test("JSON is exact, and holds nothing that a terminal would obey", () => {
  const value = { name: "\u202e\u001b[2J\u{e0041}\u009b", list: ["=1"] };

  const text = speltJson(value);

  expect(JSON.parse(text)).toEqual(value);
  expect(text).toBe('{"name":"\\u202e\\u001b[2J\\udb40\\udc41\\u009b","list":["=1"]}');
});

const HOSTILE = "<img src=x onerror=alert(1)>\u202e\u001b[2J";
const SEEN = "<img src=x onerror=alert(1)>\\u{202e}\\u{1b}[2J";
const RUN = {
  run: "run_a",
  scene: HOSTILE,
  requestedAt: "2026-11-27T21:50:00.000Z",
  end: "done",
  request: { scene: HOSTILE },
  caller: { username: "=cmd", clientId: "c", sub: "s" },
  reason: "@now",
  devices: 1,
  confirmed: 1,
} as const;

test("a run with hostile names is text in the list, in CSV and in JSON", () => {
  expect(runListLines([RUN])[0]).toBe(
    `2026-11-27T21:50:00.000Z  run_a  ${SEEN}  done, 1 of 1 device confirmed  by =cmd`,
  );
  expect(csvLine(runCells(RUN))).toBe(
    `"2026-11-27T21:50:00.000Z","run_a","${SEEN}","done",1,1,"","'=cmd","s","c","'@now",""`,
  );
  expect(JSON.parse(speltJson(runJson(RUN)))).toMatchObject({ scene: HOSTILE });
});

test("a device's report with hostile words is text", () => {
  const report = {
    acknowledgedAt: 1_767_391_200_000,
    command: { run: "run_a", status: HOSTILE },
    before: { light: { on: false } },
    after: { light: { on: true } },
  };
  const request = { scene: "goodnight", caller: { username: HOSTILE, clientId: "c" } };

  expect(reportLine(report)).toBe(`2026-01-02T22:00:00.000Z  run_a  ${SEEN}  off → on`);
  expect(whoChangedIt("hall_lamp", [report], request)).toBe(
    `hall_lamp is on since 2026-01-02T22:00:00.000Z, before it was off: by run_a (goodnight), which ${SEEN} asked for through the client c; reason: none given.`,
  );
});
