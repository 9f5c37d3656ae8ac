import { expect, test } from "vitest";
import { accessTo } from "#domain/access/home-access.ts";
import { lastTwoMonths, parseVisitRecord, visitRecord } from "#domain/audit/visit-record.ts";
import { codeOf } from "../code-of.ts";

const OLGA = { sub: "sub-olga", clientId: "client-web", username: "olga", scopes: [] };
const CABIN = accessTo({ homes: [], isOperatorOfAll: true }, "cabin");
const RECORD = visitRecord(CABIN, OLGA, {
  tool: "get_run",
  subject: "run_1",
  at: "2026-11-27T22:00:00.000Z",
  id: "id-1",
});

test("a look's record stands in its home and month, and says who looked at what", () => {
  expect(RECORD).toEqual({
    PK: "HOME#cabin#ACCESS#2026-11",
    SK: "2026-11-27T22:00:00.000Z#id-1",
    v: 1,
    home: "cabin",
    sub: "sub-olga",
    username: "olga",
    clientId: "client-web",
    role: "operator",
    tool: "get_run",
    subject: "run_1",
    at: "2026-11-27T22:00:00.000Z",
  });
});

test("the people of the home are told who, when, what and why, and no ids of anybody", () => {
  expect(parseVisitRecord({ ...RECORD, reason: "ticket 4711" })).toEqual({
    at: "2026-11-27T22:00:00.000Z",
    who: "olga",
    role: "operator",
    tool: "get_run",
    subject: "run_1",
    reason: "ticket 4711",
  });
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ["of another format", { v: 2 }, "FormatUnknown"],
  ["of no format", { v: undefined }, "FormatUnknown"],
  ["without a time", { at: undefined }, "RecordInvalid"],
  ["of nobody", { username: undefined, clientId: undefined }, "RecordInvalid"],
  ["of a role that nobody knows", { role: "constructor" }, "RecordInvalid"],
  ["of no tool", { tool: 1 }, "RecordInvalid"],
  ["of what is no text", { subject: {} }, "RecordInvalid"],
  ["with a reason that is no text", { reason: 7 }, "RecordInvalid"],
])("a record %s is refused", (_, more, code) => {
  expect(codeOf(() => parseVisitRecord({ ...RECORD, ...more }))).toBe(code);
});

test.each([
  ["2026-11-27T22:00:00Z", ["2026-11", "2026-10"]],
  ["2027-01-01T00:00:00Z", ["2027-01", "2026-12"]],
  ["2027-03-31T23:59:59Z", ["2027-03", "2027-02"]],
])("at %s the last two months are %j", (at, months) => {
  expect(lastTwoMonths(new Date(at))).toEqual(months);
});
