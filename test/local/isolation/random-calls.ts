import fc from "fast-check";
import { expect } from "vitest";
import type { Scope } from "#domain/access/caller.ts";
import { type InProcessHouse, type Item, startInProcessHouse } from "./in-process-house.ts";
import { touchedBy } from "./touched.ts";

// Each begins another, or is one and the same name as another.
const HOMES = ["a", "a_b", "a_b_c", "ab", "abc", "b", "b_a", "a1", "a_1", "a1_b", "run", "home"];
const NAMES = [...HOMES, "Flat", "Cabin", "A B", "ÄB", "all"];
// What somebody might put in the place of a home.
const HOSTILE = ["a#RUN", "a-b", "*", "a/", "__proto__", "all", "HOME#a", "a#RUN#run_x", "zzz"];
const PEOPLE = ["ann", "bo", "cy"];
const BOTH_MOSTLY: readonly (readonly Scope[])[] = [
  ...Array.from({ length: 6 }, () => ["read", "write"] as const),
  ["read"],
  [],
];
const ROLES = ["resident", "guest", "operator", "schedules"] as const;

interface Member {
  readonly person: string;
  readonly home: string;
  readonly role: (typeof ROLES)[number];
  readonly name: string;
  readonly reason?: string;
  readonly isOver: boolean;
}

type Step =
  | {
      readonly kind: "call";
      readonly person: string;
      readonly scopes: readonly Scope[];
      readonly tool: string;
      readonly home?: string | undefined;
      readonly requestId?: string | undefined;
      readonly scene: string;
      /** Which of the runs so far get_run asks for. */
      readonly run: number;
    }
  | { readonly kind: "leave"; readonly member: number };

const anyMember = (homes: readonly string[]): fc.Arbitrary<Member> =>
  fc
    .record({
      person: fc.constantFrom(...PEOPLE),
      home: fc.constantFrom(...homes),
      role: fc.constantFrom("resident", "resident", "resident", ...ROLES),
      name: fc.constantFrom(...homes, ...NAMES),
      reason: fc.option(fc.constant("ticket 4711"), { nil: undefined, freq: 4 }),
      isOver: fc.constantFrom(true, false, false, false, false),
    })
    .map(({ reason, ...rest }) => ({ ...rest, ...(reason === undefined ? {} : { reason }) }));

const anyHomeArgument = (homes: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...homes), weight: 4 },
    { arbitrary: fc.constant(undefined), weight: 3 },
    { arbitrary: fc.constantFrom(...NAMES, ...HOSTILE), weight: 2 },
  );

const anyCall = (homes: readonly string[]): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant("call"),
    person: fc.constantFrom(...PEOPLE),
    scopes: fc.constantFrom<readonly Scope[]>(...BOTH_MOSTLY),
    tool: fc.constantFrom(
      "run_scene",
      "run_scene",
      "run_scene",
      "get_home",
      "get_state",
      "explain_device",
      "set_devices",
      "undo_run",
      "plan_scene",
      "get_run",
      "get_run",
      "schedule_scene",
    ),
    home: anyHomeArgument(homes),
    requestId: fc.option(fc.constantFrom("r1", "r2"), { nil: undefined }),
    scene: fc.constantFrom("goodnight", "Goodnight", "good night", "bed time", "nothing"),
    run: fc.nat(2),
  });

const anyStep = (homes: readonly string[]): fc.Arbitrary<Step> =>
  fc.oneof(
    { arbitrary: anyCall(homes), weight: 8 },
    { arbitrary: fc.record({ kind: fc.constant("leave"), member: fc.nat(5) }), weight: 1 },
  );

const anySequence = fc
  .uniqueArray(fc.constantFrom(...HOMES), { minLength: 2, maxLength: 3 })
  .chain((homes) =>
    fc.record({
      members: fc.array(anyMember(homes), { minLength: 2, maxLength: 6, size: "max" }),
      operators: fc.subarray(PEOPLE, { maxLength: 1 }),
      steps: fc.array(anyStep(homes), { minLength: 2, maxLength: 6, size: "max" }),
    }),
  );

/** What was seen, so that a test can tell that something was. */
export interface Seen {
  runs: number;
  answers: number;
  refusals: number;
}

/**
 * Random people, homes, tools and arguments: every key and every thing of every request lies in the one home that the
 * caller may mean, or is the caller's own list of homes. Which home that is, is told here from the memberships alone.
 */
export const stayInTheirHome = async (sequences: number): Promise<Seen> => {
  const house = await startInProcessHouse();
  const seen: Seen = { runs: 0, answers: 0, refusals: 0 };
  let count = 0;
  try {
    for (const home of HOMES) await house.addHome(home);
    await fc.assert(
      fc.asyncProperty(anySequence, async (sequence) => {
        count += 1;
        await carryOut(house, `s${count}`, sequence, seen);
      }),
      { numRuns: sequences },
    );
  } finally {
    await house.close();
  }
  return seen;
};

type Sequence = typeof anySequence extends fc.Arbitrary<infer Value> ? Value : never;

const carryOut = async (
  house: InProcessHouse,
  mark: string,
  { members, operators, steps }: Sequence,
  seen: Seen,
): Promise<void> => {
  // Nobody of an earlier sequence.
  const subOf = (person: string): string => `${mark}-${person}`;
  const present = new Map<string, Member>();
  const runs: { readonly id: string; readonly home: string }[] = [];
  for (const member of members) {
    present.set(`${member.person} ${member.home}`, member);
    const { person, home, isOver, ...more } = member;
    const expiresAtEpochSeconds = Math.floor(Date.now() / 1000) + (isOver ? -1 : 600);
    await house.addMember(subOf(person), home, { ...more, expiresAtEpochSeconds });
  }
  for (const person of operators) await house.addOperatorOfAll(subOf(person));

  for (const step of steps) {
    if (step.kind === "leave") {
      const [key, member] = [...present][step.member] ?? [];
      if (key === undefined || member === undefined) continue;
      present.delete(key);
      await house.removeMember(subOf(member.person), member.home);
      continue;
    }
    const { person, scopes, tool, home } = step;
    const homes = [...present.values()].filter((one) => one.person === person && !one.isOver);
    const meant = homeMeant(homes, operators.includes(person), home);
    house.calls.length = 0;

    const answer = await house.call({ sub: subOf(person), scopes }, tool, {
      ...(home === undefined ? {} : { home }),
      ...argumentsOf(step, runs),
    });

    requireInside(house, subOf(person), meant, { homes, scopes, tool });
    if ("error" in answer) seen.refusals += 1;
    else seen.answers += 1;
    if (typeof answer.run_id !== "string") continue;
    const known = runs.find(({ id }) => id === answer.run_id);
    if (known !== undefined) expect(known.home).toBe(meant);
    else runs.push({ id: answer.run_id, home: meant ?? "" });
    if (tool === "run_scene" || tool === "set_devices") seen.runs += 1;
  }
};

const argumentsOf = (
  { tool, scene, requestId, run }: Extract<Step, { kind: "call" }>,
  runs: readonly { readonly id: string }[],
): Item => {
  switch (tool) {
    case "get_home":
    case "get_state":
      return {};
    case "explain_device":
      return { device: "Hall lamp" };
    case "set_devices":
      return {
        devices: [{ device: "Hall", want: { on: false } }],
        ...(requestId === undefined ? {} : { request_id: requestId }),
      };
    case "undo_run":
      return { run_id: runs[run]?.id ?? "run_00000000000000000000" };
    case "plan_scene":
      return { scene };
    case "schedule_scene":
      return { action: "list" };
    case "run_scene":
      return { scene, ...(requestId === undefined ? {} : { request_id: requestId }) };
    default: {
      const id = runs[run]?.id ?? "run_00000000000000000000";
      return requestId === undefined ? { run_id: id } : { request_id: requestId };
    }
  }
};

// The promise in words of its own: one home silently, several never, an id before a name, a name only where it is one.
const homeMeant = (
  homes: readonly Member[],
  isOperatorOfAll: boolean,
  wanted: string | undefined,
): string | undefined => {
  if (wanted === undefined) {
    return homes.length === 1 && !isOperatorOfAll ? homes[0]?.home : undefined;
  }
  if (homes.some(({ home }) => home === wanted)) return wanted;
  if (isOperatorOfAll && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(wanted) && wanted !== "all") {
    return wanted;
  }
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-zä0-9]/g, "");
  const called = homes.filter((one) =>
    [one.home, one.name].some((name) => plain(name) === plain(wanted) && plain(wanted) !== ""),
  );
  return called.length === 1 ? called[0]?.home : undefined;
};

const requireInside = (
  house: InProcessHouse,
  sub: string,
  meant: string | undefined,
  {
    homes,
    scopes,
    tool,
  }: {
    readonly homes: readonly Member[];
    readonly scopes: readonly Scope[];
    readonly tool: string;
  },
): void => {
  const { keys, homes: named } = touchedBy(house.calls);
  // A plan looks at its devices' shadows and is recorded; who may only read may have that, and sends nothing.
  const looks = touchedBy(house.calls.filter(isLook)).things;
  const ofHome = (thing: string): boolean => new RegExp(`^${meant}-[a-z_]+$`).test(thing);
  const sends = touchedBy(house.calls.filter((one) => !isLook(one))).things;
  const own = homes.find(({ home }) => home === meant);
  const mayWrite =
    scopes.includes("write") && (own?.role === "resident" || own?.role === "operator");
  // Why a device is as it is tells an operator who did it, and that look is recorded too.
  const isToldWho = tool === "explain_device" && own?.role === "operator";
  const isVisit = own === undefined || own.reason !== undefined || isToldWho;
  const inside = new RegExp(
    `^HOME#${meant}(#RUN#run_[0-9a-hjkmnp-tv-z]{20}|#PLAN#sha256:[0-9a-f]{64}|#SCHEDULES|#SCENES|#CLAIMS)?$`,
  );
  // In the indexes by device and by the home's days.
  const indexed = new RegExp(`^${meant}(-[a-z_]+|#\\d{4}-\\d\\d-\\d\\d)$`);
  const look = new RegExp(`^HOME#${meant}#ACCESS#\\d{4}-\\d\\d$`);
  const isInside = (key: string): boolean =>
    key === `PRINCIPAL#${sub}` ||
    (meant !== undefined && (inside.test(key) || indexed.test(key) || (isVisit && look.test(key))));

  expect({
    keys: keys.filter((key) => !isInside(key)),
    things: [
      ...looks.filter((thing) => !ofHome(thing)),
      ...sends.filter((thing) => !mayWrite || !ofHome(thing)),
    ],
    homes: named.filter((home) => home !== meant),
  }).toEqual({ keys: [], things: [], homes: [] });
};

const isLook = ({ permissions }: InProcessHouse["calls"][number]): boolean =>
  permissions.every(
    ({ action, context }) =>
      action === "iot:GetThingShadow" ||
      (action === "dynamodb:PutItem" &&
        [context?.["dynamodb:LeadingKeys"] ?? ""].flat().every((key) => key.includes("#PLAN#"))),
  );
