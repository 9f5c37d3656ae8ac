import { expect, test } from "vitest";
import type { Firing } from "#domain/audit/firing-record.ts";
import { scheduleView } from "#domain/schedule/schedule-view.ts";
import {
  deadLetterLine,
  firingCounts,
  firingLine,
  refreshLine,
  scheduleLines,
} from "../../../scripts/schedule/lines.ts";
import { GOODNIGHT_WEEKDAYS } from "../../domain/schedule/goodnight-weekdays.ts";
import { AT_HOME } from "../../support/at-home.ts";

const NOW_MS = Date.parse("2026-11-27T20:30:12.000Z");

const fired: Firing = {
  home: AT_HOME.home,
  schedule: "goodnight_weekdays",
  name: "Goodnight weekdays",
  scene: "goodnight",
  kind: "fired",
  plannedAt: "2026-11-26T21:45:00.000Z",
  startedAt: "2026-11-26T21:45:07.123Z",
  run: "run_0123456789abcdefghjk",
  result: "done",
};
const refused: Firing = {
  home: AT_HOME.home,
  schedule: "goodnight_weekdays",
  name: "Goodnight weekdays",
  scene: "goodnight",
  kind: "refused",
  plannedAt: "2026-11-25T21:45:00.000Z",
  startedAt: "2026-11-25T21:45:07.123Z",
  code: "NeedsApproval",
  why: "It unlocks front_door.",
};

test("a schedule is shown with what comes, what came, and what went wrong", () => {
  const view = scheduleView(GOODNIGHT_WEEKDAYS, {}, NOW_MS, 2, fired);

  expect(scheduleLines({ ...view, refused: "SceneUnknown: gone." }, [fired, refused])).toEqual([
    '"Goodnight weekdays"  goodnight_weekdays',
    "  goodnight, Monday to Friday at 22:45 (Europe/Berlin)  runs",
    "  next  Friday 2026-11-27 22:45 Europe/Berlin",
    "        Monday 2026-11-30 22:45 Europe/Berlin",
    "  What comes more than 5 minutes late, after an outage, is skipped and not made up for.",
    "  It runs on holidays too.",
    "  Its next firing will be refused. SceneUnknown: gone.",
    "  last  Thursday 2026-11-26 22:45 Europe/Berlin  done  begun 2026-11-26T21:45:07.123Z  run_0123456789abcdefghjk",
    "  its newest firings: 1 fired, 1 refused",
    "        Wednesday 2026-11-25 22:45 Europe/Berlin  refused  begun 2026-11-25T21:45:07.123Z  NeedsApproval: It unlocks front_door.",
  ]);
});

test("one that has not fired says so", () => {
  const view = scheduleView(GOODNIGHT_WEEKDAYS, {}, NOW_MS, 1, undefined);

  expect(scheduleLines(view, []).at(-1)).toBe("  It has not fired yet.");
});

test("firings are told with their reasons, and by whom where it was by hand", () => {
  expect(firingLine({ ...fired, byHand: true }, "UTC")).toBe(
    "Thursday 2026-11-26 21:45 UTC  done  begun 2026-11-26T21:45:07.123Z  by hand  run_0123456789abcdefghjk",
  );
  expect(
    firingLine(
      { ...refused, kind: "skipped", code: "Holiday", why: "2026-11-25 is a holiday." },
      "UTC",
    ),
  ).toBe(
    "Wednesday 2026-11-25 21:45 UTC  skipped  begun 2026-11-25T21:45:07.123Z  Holiday: 2026-11-25 is a holiday.",
  );
  expect(firingCounts([fired, fired, refused])).toBe("2 fired, 1 refused");
});

test("a dead letter says who gave up, why, and how it is run again", () => {
  const message = { queueUrl: "url", receipt: "receipt" };
  const call = {
    home: AT_HOME.home,
    schedule: "goodnight_weekdays",
    version: 1,
    plannedAt: "2026-11-26T21:45:00.000Z",
    attempt: 1,
  };

  const brokeOff = { from: "function", call, why: "RetriesExhausted", message } as const;

  expect(deadLetterLine(brokeOff, ["goodnight_weekdays"], " --home cabin")).toBe(
    "  goodnight_weekdays  planned 2026-11-26T21:45:00.000Z  broke off: RetriesExhausted  Again: npm run schedule -- run-now goodnight_weekdays --home cabin",
  );
  expect(deadLetterLine(brokeOff, [], "")).toBe(
    "  goodnight_weekdays  planned 2026-11-26T21:45:00.000Z  broke off: RetriesExhausted  Its schedule is gone; the queue forgets it after two weeks.",
  );
  expect(deadLetterLine({ from: "scheduler", why: "unreadable", message }, [], "")).toBe(
    "  not delivered: unreadable  (of no schedule)",
  );
});

test("the plan by the sun tells its age, and is late after a day", () => {
  const refresh = { homes: 1, schedules: 2, placed: 3, failures: [] };

  expect(refreshLine({ ...refresh, at: "2026-11-27T02:30:00.000Z" }, NOW_MS)).toBe(
    "What the sun decides was refreshed 18 hours ago: 3 firings placed.",
  );
  expect(
    refreshLine(
      { ...refresh, at: "2026-11-26T02:30:00.000Z", failures: ["cabin dusk: PositionMissing"] },
      NOW_MS,
    ),
  ).toBe(
    "What the sun decides was refreshed 42 hours ago: 3 firings placed; could not do 1 schedule: cabin dusk: PositionMissing.  It should be every day: look at npm run logs.",
  );
  expect(refreshLine(undefined, NOW_MS)).toContain("was not refreshed yet");
});
