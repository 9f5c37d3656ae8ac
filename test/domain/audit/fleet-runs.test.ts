import { describe, expect, test } from "vitest";
import { fleetRuns, newestFirst, settledItems } from "#domain/audit/fleet-runs.ts";
import { codeOf } from "../code-of.ts";

const DAY = "2026-11-27";
const RUN_A = "run_aaaaaaaaaaaaaaaaaaaa";
const RUN_B = "run_bbbbbbbbbbbbbbbbbbbb";
// The home `a` is in the thirteenth of the day's sixteen partitions, `a_b` in the second.
const SHARDS = { a: `${DAY}#12`, a_b: `${DAY}#01` } as const;

const item = (
  home: keyof typeof SHARDS,
  run: string,
  kind: "RUN" | "OUTCOME",
  more: Readonly<Record<string, unknown>> = {},
) => ({
  PK: `HOME#${home}#RUN#${run}`,
  SK: kind,
  v: 1,
  home,
  dayShard: SHARDS[home],
  run,
  scene: "goodnight",
  requestedAt: `${DAY}T22:00:00.000Z`,
  ...(kind === "OUTCOME" ? { result: "done" } : {}),
  ...more,
});

const AT = Date.parse(`${DAY}T22:00:10.000Z`);

describe("the runs of all homes", () => {
  test("a request and its outcome are one run, in whatever order they are read", () => {
    const items = [
      item("a", RUN_A, "OUTCOME", { result: "partly_done" }),
      item("a_b", RUN_B, "RUN", { requestedAt: `${DAY}T22:00:01.000Z` }),
      item("a", RUN_A, "RUN"),
    ];

    expect(fleetRuns(items, DAY, AT)).toEqual([
      {
        home: "a_b",
        run: RUN_B,
        scene: "goodnight",
        result: "running",
        requestedAt: "2026-11-27T22:00:01.000Z",
      },
      {
        home: "a",
        run: RUN_A,
        scene: "goodnight",
        result: "partly_done",
        requestedAt: "2026-11-27T22:00:00.000Z",
      },
    ]);
    expect(fleetRuns(items.toReversed(), DAY, AT)).toEqual(fleetRuns(items, DAY, AT));
  });

  test("two homes may have a run of the same id, and each shows its own end", () => {
    const items = [
      item("a", RUN_A, "RUN"),
      item("a_b", RUN_A, "RUN"),
      item("a_b", RUN_A, "OUTCOME", { result: "stopped" }),
    ];

    const runs = fleetRuns(items, DAY, AT);

    expect(new Map(runs.map(({ home, result }) => [String(home), result]))).toEqual(
      new Map([
        ["a", "running"],
        ["a_b", "stopped"],
      ]),
    );
  });

  test("an outcome that the index holds before its request tells all there is to tell", () => {
    expect(fleetRuns([item("a", RUN_A, "OUTCOME")], DAY, AT)).toMatchObject([
      { home: "a", run: RUN_A, scene: "goodnight", result: "done" },
    ]);
  });

  test("a run without an outcome has failed once no outcome can come", () => {
    const at = (ms: number) => fleetRuns([item("a", RUN_A, "RUN")], DAY, ms)[0]?.result;
    const begun = Date.parse(`${DAY}T22:00:00.000Z`);

    expect(at(begun + 330_000)).toBe("running");
    expect(at(begun + 330_001)).toBe("failed");
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["of another format", { v: 2 }, "FormatUnknown"],
    ["of no format", { v: undefined }, "FormatUnknown"],
    ["whose home is not its key's", { home: "a_b" }, "RecordInvalid"],
    ["whose run is not its key's", { run: RUN_B }, "RecordInvalid"],
    ["of another day's partition", { dayShard: "2026-11-26#12" }, "RecordInvalid"],
    ["of another home's partition", { dayShard: `${DAY}#01` }, "RecordInvalid"],
    ["of another day", { requestedAt: "2026-11-26T22:00:00.000Z" }, "RecordInvalid"],
    ["with a time that is none", { requestedAt: `${DAY}T99` }, "RecordInvalid"],
    ["without a scene", { scene: undefined }, "RecordInvalid"],
    ["with a result that nobody knows", { result: "splendid" }, "RecordInvalid"],
    ["of another kind", { SK: "ACK#a-lamp#0" }, "RecordInvalid"],
  ])("refuses a record %s", (_, more, code) => {
    expect(codeOf(() => fleetRuns([item("a", RUN_A, "OUTCOME", more)], DAY, AT))).toBe(code);
  });
});

test("of what is not read to its end, the last moment is left for the next page", () => {
  const items = ["03", "02", "02"].map((second) => ({
    requestedAt: `${DAY}T22:00:${second}.000Z`,
  }));

  expect(settledItems(items, false)).toEqual([{ requestedAt: "2026-11-27T22:00:03.000Z" }]);
  expect(settledItems(items, true)).toEqual(items);
  expect(settledItems([], false)).toEqual([]);
});

test("the newest come first, and of one moment the order is always the same", () => {
  const positions = [
    { requestedAt: "2026-11-27T22:00:00.000Z", run: RUN_A },
    { requestedAt: "2026-11-27T22:00:00.000Z", run: RUN_B },
    { requestedAt: "2026-11-27T22:00:01.000Z", run: RUN_A },
  ];

  expect(positions.toSorted(newestFirst)).toEqual(positions.toReversed());
  expect(positions.toReversed().toSorted(newestFirst)).toEqual(positions.toReversed());
});
