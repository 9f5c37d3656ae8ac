import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runScript } from "../support/command.ts";

let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "schedule-preview-"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const preview = (...args: readonly string[]) => runScript("schedule.ts", ["preview", ...args]);

const casesFile = (name: string, content: string): string => {
  const file = join(scratch, name);
  writeFileSync(file, content);
  return file;
};

const NIGHT = {
  id: "night",
  kind: "cron",
  zone: "Europe/Berlin",
  expression: "cron(30 2 * * ? *)",
  from: "2026-03-28T00:00:00Z",
  until: "2026-03-31T00:00:00Z",
  expected: ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"],
  toleranceSeconds: 0,
};

const SUNSET = {
  id: "sunset",
  kind: "home-sun",
  zone: "Australia/Sydney",
  expression: "sunset +15m on fri",
  from: "2026-12-01T00:00:00Z",
  until: "2026-12-12T00:00:00Z",
  position: { lat: -33.8688, lon: 151.2093 },
  expected: ["2026-12-04T09:08:36Z", "2026-12-11T09:14:09Z"],
  toleranceSeconds: 90,
};

describe("npm run schedule -- preview", () => {
  test("prints the times of an expression, a line each, without a house", async () => {
    const { code, output } = await preview(
      ...["--expression", "at 02:30 daily", "--zone", "Europe/Berlin"],
      ...["--from", "2026-03-28", "--until", "2026-03-31"],
    );

    expect(output).toBe("2026-03-28T01:30:00Z\n2026-03-30T00:30:00Z\n");
    expect(code).toBe(0);
  });

  test("takes a position in the south and the west as it is written, and gives a list", async () => {
    const { code, output } = await preview(
      ...["--expression", "sunset +1h", "--zone", "America/Argentina/Ushuaia"],
      ...["--position", "-54.8019,-68.303", "--json"],
      ...["--from", "2026-12-18T12:00:00Z", "--until", "2026-12-20T09:00-03:00"],
    );

    expect(JSON.parse(output)).toEqual([
      expect.stringMatching(/^2026-12-19T02:\d\d:\d\dZ$/),
      expect.stringMatching(/^2026-12-20T02:\d\d:\d\dZ$/),
    ]);
    expect(code).toBe(0);
  });

  test("compares each case of a file with what it expects, whatever zone the host is in", async () => {
    const file = casesFile("good.json", JSON.stringify([NIGHT, SUNSET]));

    const { code, output } = await runScript("schedule.ts", ["preview", "--cases", file], {
      TZ: "America/St_Johns",
    });

    expect(output).toBe("ok       night\nok       sunset\n2 cases, 0 of them differ.\n");
    expect(code).toBe(0);
  });

  test("tells which case differs, and which cannot be calculated, and ends with 1", async () => {
    const wrong = { ...NIGHT, id: "wrong", expected: ["2026-03-28T01:30:00Z"] };
    const bad = { ...NIGHT, id: "bad", expression: "cron(0 24 * * ? *)" };
    const file = casesFile("bad.json", JSON.stringify([NIGHT, wrong, bad]));

    const told = await preview("--cases", file);
    const asJson = await preview("--cases", file, "--json");

    expect(told.output).toContain("ok       night\n");
    expect(told.output).toContain(
      "differs  wrong: expected 2026-03-28T01:30:00Z, calculated 2026-03-28T01:30:00Z 2026-03-30T00:30:00Z\n",
    );
    expect(told.output).toContain(
      'differs  bad: Invalid Schedule Expression cron(0 24 * * ? *). The hours, "24", is not of 0-23.',
    );
    expect(told.output).toContain("3 cases, 2 of them differ.\n");
    expect(told.code).toBe(1);
    expect(JSON.parse(asJson.output)).toEqual({
      night: ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"],
      wrong: ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"],
      bad: {
        error:
          'Invalid Schedule Expression cron(0 24 * * ? *). The hours, "24", is not of 0-23. Say six fields, minutes hours day-of-month month day-of-week year, one of the two days a ?: cron(45 22 ? * MON-FRI *).',
      },
    });
    expect(asJson.code).toBe(1);
  });

  test.each([
    [["--expression", "noon", "--from", "2026-01-01", "--until", "2026-01-02"], '"noon"'],
    [["--expression", "sunset", "--from", "2026-02-30", "--until", "2026-03-02"], '"2026-02-30"'],
    [
      [
        ...["--expression", "at 08:00 daily", "--zone", "Mars/Base"],
        ...["--from", "2026-01-01", "--until", "2026-01-02"],
      ],
      '"Mars/Base"',
    ],
    [["--cases", "package.json"], "package.json must hold a list"],
  ])("names what is wrong and ends with 2: %j", async (args, culprit) => {
    const { code, output } = await preview(...args);

    expect(output).toContain(culprit);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });
});
