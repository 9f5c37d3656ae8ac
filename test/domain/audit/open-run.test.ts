import { describe, expect, test } from "vitest";
import { openRunsAmong } from "#domain/audit/open-run.ts";

const DAY = "2026-11-27";
const RUN_A = "run_aaaaaaaaaaaaaaaaaaaa";
const RUN_B = "run_bbbbbbbbbbbbbbbbbbbb";

// The home `a` is in the thirteenth of the day's sixteen partitions.
const item = (
  run: string,
  kind: "RUN" | "OUTCOME",
  more: Readonly<Record<string, unknown>> = {},
) => ({
  PK: `HOME#a#RUN#${run}`,
  SK: kind,
  v: 1,
  home: "a",
  dayShard: `${DAY}#12`,
  run,
  scene: "goodnight",
  requestedAt: `${DAY}T22:00:00.000Z`,
  ...(kind === "OUTCOME" ? { result: "done" } : {}),
  ...more,
});

describe("open runs of all homes", () => {
  test("are those whose request stands there and whose outcome does not", () => {
    const items = [item(RUN_A, "OUTCOME"), item(RUN_B, "RUN"), item(RUN_A, "RUN")];

    const { open, unreadable } = openRunsAmong(items, DAY);

    expect(open).toEqual([{ home: "a", run: RUN_B, requestedAt: "2026-11-27T22:00:00.000Z" }]);
    expect(unreadable).toEqual([]);
  });

  test("a request that cannot be read is told, and hides no other", () => {
    const items = [item(RUN_A, "RUN", { v: 2 }), item(RUN_B, "RUN")];

    const { open, unreadable } = openRunsAmong(items, DAY);

    expect(open.map(({ run }) => run)).toEqual([RUN_B]);
    expect(unreadable.map(({ code }) => code)).toEqual(["FormatUnknown"]);
  });
});
