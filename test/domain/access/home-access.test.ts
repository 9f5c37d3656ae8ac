import { describe, expect, test } from "vitest";
import { accessTo, type HomeAccess, homeOf, requireRight } from "#domain/access/home-access.ts";
import type { Membership } from "#domain/access/membership.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { codeOf, messageOf } from "../code-of.ts";

const membership = (home: string, more: Partial<Membership> = {}): Membership => ({
  home: parseHomeId(home),
  role: "resident",
  name: home === "a" ? "Flat" : "Cabin",
  ...more,
});

const people = (...homes: readonly Membership[]) => ({ homes, isOperatorOfAll: false });
const ann = people(membership("a"));
const cy = people(membership("a"), membership("b"));
const op = { homes: [], isOperatorOfAll: true };

const ANYBODY = { sub: "x", clientId: "c", scopes: ["read", "write"] } as const;

describe("the home of a call", () => {
  test("is the only one, silently", () => {
    const access = accessTo(ann, undefined);

    expect([homeOf(access), access.about]).toEqual([
      "a",
      { name: "Flat", role: "resident", isOneOfSeveral: false, isVisit: false },
    ]);
  });

  test.each(["b", "Cabin", "cabin", " CABIN "])("is the one that %j names", (wanted) => {
    const access = accessTo(cy, wanted);

    expect([homeOf(access), access.about.isOneOfSeveral]).toEqual(["b", true]);
  });

  // REQ: home-never-guessed
  test("is asked back where there are several", () => {
    expect(messageOf(() => accessTo(cy, undefined))).toBe(
      'You have 2 homes: "Flat" (a), "Cabin" (b). Ask which one is meant and call again with "home". Nothing was changed.',
    );
    expect(codeOf(() => accessTo(cy, undefined))).toBe("HomeAmbiguous");
  });

  test("is asked back where two are called the same", () => {
    const two = people(membership("a", { name: "Cabin" }), membership("b"));

    expect(codeOf(() => accessTo(two, "cabin"))).toBe("HomeAmbiguous");
  });

  // REQ: foreign-and-missing-alike
  test("is not somebody else's, in the words of one that does not exist", () => {
    const foreign = messageOf(() => accessTo(ann, "b"));
    const missing = messageOf(() => accessTo(ann, "zzz"));

    expect(foreign).toBe('No home of yours is called "b". Yours: "Flat" (a). Nothing was changed.');
    expect(missing).toBe(foreign.replace('"b"', '"zzz"'));
    expect(codeOf(() => accessTo(ann, "b"))).toBe("HomeUnknown");
  });

  test("is none where somebody belongs to none", () => {
    expect(codeOf(() => accessTo(people(), undefined))).toBe("NoHome");
    expect(codeOf(() => accessTo(people(), "a"))).toBe("NoHome");
  });

  test("must be named by its id by who looks after all", () => {
    const access = accessTo(op, "b");

    expect([homeOf(access), access.about.isVisit, access.about.role]).toEqual([
      "b",
      true,
      "operator",
    ]);
    expect([
      codeOf(() => accessTo(op, undefined)),
      codeOf(() => accessTo(op, "the cabin")),
      codeOf(() => accessTo(op, "all")),
    ]).toEqual(["HomeAmbiguous", "HomeUnknown", "HomeUnknown"]);
  });
});

test("who looks after all means a home by its id, before one of their own that is called so", () => {
  const both = {
    homes: [membership("ab"), membership("c", { name: "b" })],
    isOperatorOfAll: true,
  };

  expect(
    ["a_b", "b", "ab", "A_B"].map((wanted) => {
      const access = accessTo(both, wanted);
      return [homeOf(access), access.about.isVisit];
    }),
  ).toEqual([
    ["a_b", true],
    ["b", true],
    ["ab", false],
    ["ab", false],
  ]);
});

describe("what a caller may do there", () => {
  const refusal = (access: HomeAccess, scope: "read" | "write", caller = ANYBODY) =>
    codeOf(() => requireRight(access, caller, scope, "run_scene"));

  test("needs the scope and the role", () => {
    const reader = { ...ANYBODY, scopes: ["read"] } as unknown as typeof ANYBODY;
    const guest = accessTo(people(membership("a", { role: "guest" })), undefined);

    expect([
      refusal(accessTo(ann, undefined), "write"),
      refusal(accessTo(ann, undefined), "write", reader),
      refusal(guest, "read"),
      refusal(guest, "write"),
    ]).toEqual([undefined, "NotAllowed", undefined, "NotAllowed"]);
    expect(messageOf(() => requireRight(guest, ANYBODY, "write", "run_scene"))).toBe(
      'In "Flat" you are a guest; run_scene needs smarthome-gateway/write there. Tell the user; do not retry. Nothing was changed.',
    );
  });

  test("is to look, for who looks after all, until it is granted", () => {
    const granted = {
      homes: [membership("a", { role: "operator", reason: "ticket 4711" })],
      isOperatorOfAll: true,
    };

    expect([
      refusal(accessTo(op, "a"), "read"),
      refusal(accessTo(op, "a"), "write"),
      refusal(accessTo(granted, "a"), "write"),
      refusal(accessTo(granted, "b"), "write"),
    ]).toEqual([undefined, "NotAllowed", undefined, "NotAllowed"]);
    expect(accessTo(granted, "a").about).toMatchObject({ isVisit: true, reason: "ticket 4711" });
  });

  test("is nothing for the scheduler", () => {
    const scheduler = accessTo(people(membership("a", { role: "schedules" })), undefined);

    expect([refusal(scheduler, "read"), refusal(scheduler, "write")]).toEqual([
      "NotAllowed",
      "NotAllowed",
    ]);
  });
});

test("nobody else makes an access: a look-alike and a copy have no home", () => {
  const access = accessTo(ann, undefined);
  // @ts-expect-error A look-alike has not the private field.
  const lookAlike: HomeAccess = { about: access.about };
  const copy = structuredClone(access);

  expect([codeOf(() => homeOf(lookAlike)), codeOf(() => homeOf(copy))]).toEqual([
    "HomeInvalid",
    "HomeInvalid",
  ]);
});
