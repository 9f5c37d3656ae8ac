import { expect, test } from "vitest";
import { leadsSomewhere } from "../support/markdown.ts";
import { trackedFiles } from "./tracked-files.ts";

const text = trackedFiles(/^DECISIONS\.md$/).get("DECISIONS.md") ?? "";

interface Entry {
  readonly room: string;
  readonly number: number;
  readonly date: string | undefined;
}

const entries: readonly Entry[] = text.split(/^## /m).flatMap((part) => {
  const room = part.split("\n")[0] ?? "";
  return [...part.matchAll(/^### D(\d+)\n\n(?:(\d{4}-\d{2}-\d{2})\. \*\*)?/gm)].map(
    ([, number, date]) => ({ room, number: Number(number), date }),
  );
});

const ascending = (a: number, b: number): number => a - b;

test("decisions are numbered from 1 on, each number once, with a date", () => {
  const numbers = entries.map(({ number }) => number).toSorted(ascending);

  expect(numbers.length).toBeGreaterThanOrEqual(70);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(entries.filter(({ date }) => date === undefined)).toEqual([]);
});

test("a later number has no earlier date", () => {
  const dates = entries
    .toSorted((a, b) => ascending(a.number, b.number))
    .map(({ date = "" }) => date);

  expect(dates).toEqual(dates.toSorted());
});

test("the table lists each room's numbers, in order", () => {
  const rows = [...text.matchAll(/^\| \[([^\]]+)\]\(#\S+\) \| (\[D.*) \|$/gm)].map(
    ([, room = "", numbers = ""]) => [room, numbers],
  );

  const inRooms = Map.groupBy(entries, ({ room }) => room);
  expect(rows).toEqual(
    [...inRooms].map(([room, those]) => [
      room,
      those
        .map(({ number }) => number)
        .toSorted(ascending)
        .map((number) => `[D${number}](#d${number})`)
        .join(" "),
    ]),
  );
});

test("each test that the table of threats names is there", () => {
  const [, threats = ""] = text.split("\n## Threats\n");
  const named = threats
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("`"))
    .flatMap((line) => [...(line.split(" | ").at(-1) ?? "").matchAll(/`([^`]+)`/g)])
    .map(([, name = ""]) => name);

  expect(named.length).toBeGreaterThan(15);
  expect(
    named.filter(
      (name) => !leadsSomewhere(`test/${name}.test.ts`) && !leadsSomewhere(`test/${name}`),
    ),
  ).toEqual([]);
});
