import { describe, expect, test } from "vitest";
import { fitsFilter, type ListedRun, listedRuns } from "#domain/audit/listed-run.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf } from "../code-of.ts";

const NOW = Date.parse("2026-11-27T22:00:00.000Z");
const { home } = AT_HOME;

const REQUEST = {
  PK: "HOME#home#RUN#run_a",
  SK: "RUN",
  v: 1,
  homeDay: "home#2026-11-27",
  run: "run_a",
  scene: "goodnight",
  requestedAt: "2026-11-27T21:50:00.000Z",
  caller: { sub: "sub-alice", clientId: "claude", username: "alice" },
  reason: "going to bed",
  askedDevices: ["hall_lamp", "front_door"],
};
const OUTCOME = {
  PK: "HOME#home#RUN#run_a",
  SK: "OUTCOME",
  v: 1,
  homeDay: "home#2026-11-27",
  run: "run_a",
  scene: "goodnight",
  requestedAt: "2026-11-27T21:50:00.000Z",
  result: "partly_done",
  deviceCount: 2,
  confirmedCount: 1,
  finishedAt: "2026-11-27T21:50:10.000Z",
};

const listed = (...items: readonly object[]): readonly ListedRun[] =>
  listedRuns(
    items.map((item) => ({ ...item })),
    home,
    "2026-11-27",
    NOW,
  );

describe("a run of the list", () => {
  test.each([
    ["", [REQUEST, OUTCOME]],
    [", in whichever order its records come", [OUTCOME, REQUEST]],
  ])("is told by its request and its outcome%s", (_, items) => {
    expect(listed(...items)).toEqual([
      {
        run: "run_a",
        scene: "goodnight",
        requestedAt: "2026-11-27T21:50:00.000Z",
        end: "partly_done",
        request: REQUEST,
        caller: { sub: "sub-alice", clientId: "claude", username: "alice" },
        reason: "going to bed",
        devices: 2,
        confirmed: 1,
        finishedAt: "2026-11-27T21:50:10.000Z",
      },
    ]);
  });

  test("without an outcome runs, and is cut off when its time is over", () => {
    const young = { ...REQUEST, requestedAt: "2026-11-27T21:55:00.000Z" };

    expect(listed(young)[0]?.end).toBe("running");
    expect(listed(REQUEST)[0]?.end).toBe("cut_off");
  });

  test("whose request was erased is told by its outcome, and nobody is named", () => {
    expect(listed(OUTCOME)).toEqual([
      expect.not.objectContaining({ caller: expect.anything() as unknown }),
    ]);
  });

  test.each([
    ["of another home", { ...REQUEST, homeDay: "cabin#2026-11-27" }, "RecordInvalid"],
    ["of another day", { ...REQUEST, requestedAt: "2026-11-26T21:50:00.000Z" }, "RecordInvalid"],
    ["of no run", { ...REQUEST, SK: "ACK#home-hall_lamp#0" }, "RecordInvalid"],
    ["with a result that is none", { ...OUTCOME, result: "splendid" }, "RecordInvalid"],
    ["of another format", { ...REQUEST, v: 2 }, "FormatUnknown"],
  ])("a record %s is refused", (_, item, code) => {
    expect(codeOf(() => listed(item))).toBe(code);
  });
});

describe("a filter", () => {
  const [run] = listed(REQUEST, OUTCOME);

  test.each([
    [{}, true],
    [{ scene: "Good night" }, true],
    [{ scene: "away" }, false],
    [{ person: "alice" }, true],
    [{ person: "sub-alice" }, true],
    [{ person: "Alice" }, false],
    [{ client: "claude" }, true],
    [{ client: "c" }, false],
    [{ device: "Hall lamp" }, true],
    [{ device: "alarm" }, false],
    [{ end: "partly_done" }, true],
    [{ end: "done" }, false],
    [{ device: "hall_lamp", person: "bob" }, false],
  ] as const)("%j fits the run: %j", (filter, fits) => {
    expect(run !== undefined && fitsFilter(run, filter)).toBe(fits);
  });
});
