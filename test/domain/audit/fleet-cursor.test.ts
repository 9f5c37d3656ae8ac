import { expect, test } from "vitest";
import { fleetCursor, parseFleetCursor } from "#domain/audit/fleet-cursor.ts";

const QUERY = { sub: "sub-olga", day: "2026-11-27" };
const POSITION = {
  requestedAt: "2026-11-27T22:00:00.000Z",
  run: "run_aaaaaaaaaaaaaaaaaaaa",
};

test("a token leads its caller on, from where it was given", async () => {
  const token = await fleetCursor(QUERY, POSITION);

  expect(await parseFleetCursor(QUERY, token)).toEqual(POSITION);
  expect(token.length).toBeLessThanOrEqual(128);
});

test.each([
  ["of another caller", { ...QUERY, sub: "sub-oscar" }],
  ["of another day", { ...QUERY, day: "2026-11-26" }],
  ["of another result", { ...QUERY, result: "failed" as const }],
])("a token %s is refused", async (_, query) => {
  const token = await fleetCursor(query, POSITION);

  await expect(parseFleetCursor(QUERY, token)).rejects.toMatchObject({ code: "CursorInvalid" });
});

const TOKEN = await fleetCursor(QUERY, POSITION);

test.each([
  ["nothing", ""],
  ["a word", "page2"],
  ["one that was cut", TOKEN.slice(0, -1)],
  ["one that was made longer", `${TOKEN}0`],
  ["one of another moment", TOKEN.replace("22:00", "21:00")],
  ["one of another run", TOKEN.replace("run_a", "run_b")],
  ["one without its digits", TOKEN.slice(0, TOKEN.lastIndexOf("."))],
  ["a key of the table", '{"PK":{"S":"HOME#a"},"SK":{"S":"META"}}'],
  ["one with a key in it", TOKEN.replace("run_", "HOME#a#RUN#run_")],
])("%s is refused", async (_, token) => {
  await expect(parseFleetCursor(QUERY, token)).rejects.toMatchObject({ code: "CursorInvalid" });
});
