import { describe, expect, test } from "vitest";
import { parseMemberships, rightsOf } from "#domain/access/membership.ts";

const NOW_MS = Date.parse("2026-11-27T22:00:00Z");
const NOW = NOW_MS / 1000;

const item = (more: Readonly<Record<string, unknown>> = {}) => ({
  PK: "PRINCIPAL#ann",
  SK: "HOME#a",
  v: 1,
  home: "a",
  role: "resident",
  name: "Flat",
  since: "2026-11-01T00:00:00.000Z",
  by: "operator",
  ...more,
});

test("somebody belongs to the homes that their items name", () => {
  const memberships = parseMemberships(
    [
      item(),
      item({ SK: "HOME#b", home: "b", role: "guest", name: "Cabin", expiresAt: NOW + 1 }),
      item({
        SK: "HOME#c",
        home: "c",
        role: "operator",
        name: "c",
        reason: "ticket 4711",
        expiresAt: NOW + 1,
      }),
    ],
    NOW_MS,
  );

  expect(memberships).toEqual({
    homes: [
      { home: "a", role: "resident", name: "Flat" },
      { home: "b", role: "guest", name: "Cabin" },
      { home: "c", role: "operator", name: "c", reason: "ticket 4711" },
    ],
    isOperatorOfAll: false,
  });
});

// REQ: membership-at-call-time
describe("gives nothing:", () => {
  test.each([
    ["a role that nobody knows", { role: "admin" }],
    ["a role that is a word of JavaScript", { role: "constructor" }],
    ["no role", { role: undefined }],
    ["a list of roles", { role: ["resident"] }],
    ["a key of another home", { SK: "HOME#b" }],
    ["a home of another key", { home: "b" }],
    ["a home that is none", { SK: "HOME#a#RUN", home: "a#RUN" }],
    ["one that has expired", { expiresAt: NOW - 1 }],
    ["one that expires now", { expiresAt: NOW }],
    ["one whose expiry is a text", { expiresAt: "2030-01-01" }],
    ["one whose expiry is null", { expiresAt: null }],
    ["another version", { v: 2 }],
    ["a version in letters", { v: "1" }],
    ["no version", { v: undefined }],
    ["no name", { name: "" }],
    ["a reason that is no text", { reason: 7, expiresAt: NOW + 1 }],
    ["a reason that says nothing", { reason: " ", expiresAt: NOW + 1 }],
    ["a grant that never ends", { reason: "ticket 4711" }],
  ])("%s", (_, more) => {
    expect(parseMemberships([item(more)], NOW_MS)).toEqual({ homes: [], isOperatorOfAll: false });
  });
});

describe("the operator of every home", () => {
  const all = { SK: "ALL", home: undefined, role: "operator", name: undefined };

  test("is one", () => {
    expect(parseMemberships([item(all)], NOW_MS)).toEqual({ homes: [], isOperatorOfAll: true });
  });

  test.each([
    { role: "resident" },
    { role: "schedules" },
    { v: 0 },
    { expiresAt: NOW - 1 },
    { SK: "HOME#ALL" },
  ])("is none with %j", (more) => {
    expect(parseMemberships([item({ ...all, ...more })], NOW_MS).isOperatorOfAll).toBe(false);
  });
});

test("a role gives its rights, and the scheduler's none of a person's", () => {
  expect((["resident", "operator", "guest", "schedules"] as const).map(rightsOf)).toEqual([
    ["read", "write"],
    ["read", "write"],
    ["read"],
    [],
  ]);
});
