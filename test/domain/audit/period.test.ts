import { describe, expect, test } from "vitest";
import { periodOf } from "#domain/audit/period.ts";
import { codeOf } from "../code-of.ts";

const NOW = Date.parse("2026-11-27T22:10:00.000Z");

describe("a period", () => {
  test.each([
    [{}, "2026-11-27T00:00:00.000Z", "2026-11-27T23:59:59.999Z"],
    [{ since: "2026-11-20" }, "2026-11-20T00:00:00.000Z", "2026-11-27T23:59:59.999Z"],
    [{ until: "2026-11-20" }, "2026-11-20T00:00:00.000Z", "2026-11-20T23:59:59.999Z"],
    [{ since: "8h" }, "2026-11-27T14:10:00.000Z", "2026-11-27T23:59:59.999Z"],
    [{ since: "1d", until: "0m" }, "2026-11-26T22:10:00.000Z", "2026-11-27T22:10:00.000Z"],
    [
      { since: "2026-11-26T22:00Z", until: "2026-11-27T06:30:15Z" },
      "2026-11-26T22:00:00.000Z",
      "2026-11-27T06:30:15.000Z",
    ],
  ])("%j goes from %s to %s", (options, since, until) => {
    expect(periodOf(options, NOW)).toEqual({ since, until });
  });

  test.each([
    [{ since: "2026-02-30" }],
    [{ since: "yesterday" }],
    [{ since: "2026-11-26T22:00" }],
    [{ since: "2026-11-26T25:00Z" }],
    [{ until: "HOME#a" }],
    [{ since: "2026-11-28", until: "2026-11-27" }],
  ])("%j is refused", (options) => {
    expect(codeOf(() => periodOf(options, NOW))).toBe("ArgumentsInvalid");
  });
});
