import { describe, expect, test } from "vitest";
import { dueAgain, triesOf } from "#domain/run/tries.ts";
import { ALARM, FRONT_DOOR, HALL_LAMP, SENT_AT_MS, sent } from "../goodnight.ts";

test("a command is sent twice at most, an alarm's once, and another number where its scene says so", () => {
  expect([FRONT_DOOR, ALARM, { ...FRONT_DOOR, tries: 5 }].map(triesOf)).toEqual([2, 1, 5]);
});

describe("a lamp with a window of 2 s", () => {
  const dueAt = (afterMs: number, again: readonly string[] = [], tries = 2) =>
    dueAgain([{ ...HALL_LAMP, tries }], ["hall_lamp"], { ...sent(0), again }, SENT_AT_MS + afterMs)
      .length;

  test("is due again at half of it, once, and not at its end", () => {
    expect([999, 1000, 1999, 2000].map((afterMs) => dueAt(afterMs))).toEqual([0, 1, 1, 0]);
    expect(dueAt(1500, ["hall_lamp"])).toBe(0);
  });

  test("sent four times is due at each quarter", () => {
    expect(dueAt(499, [], 4)).toBe(0);
    expect(dueAt(500, [], 4)).toBe(1);
    expect(dueAt(999, ["hall_lamp"], 4)).toBe(0);
    expect(dueAt(1500, ["hall_lamp", "hall_lamp"], 4)).toBe(1);
    expect(dueAt(1900, ["hall_lamp", "hall_lamp", "hall_lamp"], 4)).toBe(0);
  });

  test("that answered is not due", () => {
    expect(dueAgain([HALL_LAMP], [], sent(0), SENT_AT_MS + 1500)).toEqual([]);
  });
});
