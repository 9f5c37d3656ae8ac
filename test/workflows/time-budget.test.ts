import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import { claimsOverBeforeMs } from "#domain/run/run-claim.ts";
import { GOODNIGHT, RUN } from "../domain/goodnight.ts";
import { at, propertiesOf, synthesizedTemplate } from "../infra/aws/synthesized.ts";
import { trackedFiles } from "../structure/tracked-files.ts";

// How long an execution of run-scene can take at most, computed from its definition: each task takes all of its time as
// often as it is tried, and each Wait all of its own. What is throttled is answered at once.

interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly BackoffRate?: number;
}

interface Rule {
  readonly Condition: string;
  readonly Next: string;
}

interface State {
  readonly Type: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retry[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  readonly Next?: string;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

const parseDefinition = (text: string): Definition => JSON.parse(text) as Definition;

const DEFINITION = parseDefinition(
  readFileSync(join(import.meta.dirname, "..", "..", "workflows", "run-scene.asl.json"), "utf8"),
);

// Lambda's refusal costs no time limit. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (429)
const isThrottle = (error: string): boolean => /TooManyRequests|Throttling|Throughput/.test(error);

/** All tries of a task at their time limits, and the pauses between them. */
const longestTask = ({ TimeoutSeconds = Number.POSITIVE_INFINITY, Retry = [] }: State): number =>
  Retry.filter(({ ErrorEquals }) => !ErrorEquals.every(isThrottle)).reduce(
    (sum, { IntervalSeconds = 1, MaxAttempts, BackoffRate = 2 }) =>
      Array.from({ length: MaxAttempts }, (_, nth) => IntervalSeconds * BackoffRate ** nth).reduce(
        (seconds, pause) => seconds + pause + TimeoutSeconds,
        sum,
      ),
    TimeoutSeconds,
  );

// For what the table throttles its tries are counted, too: nobody knows how long DynamoDB takes to say so.
const RECORDING: Readonly<Record<string, number>> = { "Record the request": 4 * 10 + 1 + 2 + 4 };

const PUBLISH_AGAIN_FOR = 35;
const LONGEST_PAUSE = 3;

/** Until when, after the start, a rule of a Choice can be taken. */
const capOf = ({ Condition }: Rule): number => {
  const [, ms] = /< \$startedMs \+ (\d+)/.exec(Condition) ?? [];
  return ms === undefined ? Number.POSITIVE_INFINITY : Number(ms) / 1000;
};

/** When each state is entered at the latest, in seconds after the start. */
const latestEntries = ({ StartAt, States }: Definition): ReadonlyMap<string, number> => {
  const latest = new Map([[StartAt, 0]]);
  const changed = [StartAt];
  const enter = (name: string | undefined, seconds: number): void => {
    if (name === undefined || seconds <= (latest.get(name) ?? -1)) return;
    if (seconds > 3_600) throw new Error(`${name} can be entered again and again`);
    latest.set(name, seconds);
    changed.push(name);
  };
  for (let name = changed.shift(); name !== undefined; name = changed.shift()) {
    const state = States[name];
    const since = latest.get(name) ?? 0;
    if (state === undefined) throw new Error(`There is no state ${name}`);
    if (state.Type === "Choice") {
      // The Gate's first rule sends everything on that comes too late for the others.
      const [tooLate, ...rules] = state.Choices ?? [];
      const [, ms = "Infinity"] =
        /^\{% \$toMillis\(\$states\.context\.State\.EnteredTime\) >= \$startedMs \+ (\d+) %\}$/.exec(
          tooLate?.Condition ?? "",
        ) ?? [];
      enter(tooLate?.Next, since);
      const inTime = Math.min(since, Number(ms) / 1000);
      for (const rule of rules) enter(rule.Next, Math.min(inTime, capOf(rule)));
      enter(state.Default, inTime);
      continue;
    }
    const until = since + durationOf(name, state, since);
    enter(state.Next, until);
    for (const { Next } of state.Catch ?? []) enter(Next, until);
  }
  return latest;
};

const durationOf = (name: string, state: State, since: number): number => {
  switch (name) {
    case "Publish commands": {
      const batch = state.ItemProcessor?.States["Publish a batch"];
      if (batch === undefined) throw new Error("There is no state Publish a batch");
      // Throttled until the time for that is over, a pause before, and then tried for the last time.
      const throttledUntil = Math.max(since, Math.min(since + PUBLISH_AGAIN_FOR, 205));
      return throttledUntil - since + LONGEST_PAUSE + longestTask(batch);
    }
    case "Wait for slow devices":
      return 1;
    case "Hold":
      // It is begun only if it ends by then; whole seconds.
      return Math.max(0, 265 + 1 - since);
    default:
      return RECORDING[name] ?? longestTask(state);
  }
};

// REQ: time-budget
test("the longest execution concludes and records its outcome, each with a whole try, before its time limit", () => {
  const latest = latestEntries(DEFINITION);

  const conclude = latest.get("Conclude") ?? Number.NaN;
  const oneTry = DEFINITION.States.Conclude?.TimeoutSeconds ?? Number.NaN;
  const record = DEFINITION.States["Record the outcome"]?.TimeoutSeconds ?? Number.NaN;
  expect(DEFINITION.TimeoutSeconds).toBe(297);
  expect(conclude).toBe(268);
  expect(conclude + oneTry + record).toBeLessThan(297);
});

const GOING_ON: RunRecords = {
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "sub-anna", clientId: "client-web", scopes: ["write"] },
    role: "resident",
    requestedAt: "2026-01-02T22:00:00.000Z",
  },
  plan: GOODNIGHT,
  planHash: "sha256:abc",
  acknowledgements: [],
};

/** How long after it was asked for a run may begin and still send. */
const beginsWithin = ({ States }: Definition): number => {
  const [rule] = States["Begun in time"]?.Choices ?? [];
  const [, ms] =
    /^\{% \$startedMs <= \$toMillis\(\$run\.requestedAt\) \+ (\d+) %\}$/.exec(
      rule?.Condition ?? "",
    ) ?? [];
  return Number(ms) / 1000;
};

// REQ: begun-in-time
test("a run that begins as late as it may has ended before anybody takes it for over, and before the sweeper looks at it", () => {
  const late = beginsWithin(DEFINITION);
  const askedAtMs = Date.parse("2026-01-02T22:00:00.000Z");
  const endedAtMs = askedAtMs + 1000 * (late + DEFINITION.TimeoutSeconds);

  expect(late).toBe(30);
  expect(endedAtMs - askedAtMs).toBe(327_000);
  expect(isOver(GOING_ON, endedAtMs)).toBe(false);
  expect(isOver(GOING_ON, askedAtMs + 330_001)).toBe(true);
  expect(claimsOverBeforeMs(endedAtMs)).toBeLessThan(askedAtMs);
  // The sweeper looks at what was asked for before that.
  expect(RUN_LIMIT_MS).toBe(330_000);
});

test("what begins too late is recorded first, sends nothing, and goes to its conclusion", () => {
  const { "Begun in time": begun, "Record the request": record } = DEFINITION.States;

  expect(record?.Next).toBe("Begun in time");
  expect(begun?.Choices?.map(({ Next }) => Next)).toEqual(["Publish commands"]);
  expect(begun?.Default).toBe("Conclude");
});

test("the figures of the test stand in the definition", () => {
  const text = JSON.stringify(DEFINITION);

  expect(text).toContain(
    "$min([$toMillis($states.context.State.EnteredTime) + 35000, $startedMs + 205000])",
  );
  expect(text).toContain("$ceil($random() * 3)");
  expect(text).toContain("$plan.rules.holdSeconds * 1000 < $startedMs + 265000");
  expect(text).toContain('"waitSeconds":1}');
});

// With 60 s for both windows it would be too late: the first rule of the Gate alone bounds the waiting.
test("without the Gate's first rule nothing bounds the waiting", () => {
  const { Gate, ...others } = DEFINITION.States;
  const Choices = (Gate?.Choices ?? []).map((rule, at) =>
    at === 0
      ? {
          ...rule,
          Condition: "{% $toMillis($states.context.State.EnteredTime) >= $startedMs + 9000000 %}",
        }
      : rule,
  );

  expect(() =>
    latestEntries({
      ...DEFINITION,
      States: { ...others, Gate: { ...Gate, Type: "Choice", Choices } },
    }),
  ).toThrow("again and again");
});

const template = synthesizedTemplate();

// Milliseconds of all tries, and of the SDK's own pauses between them (100 ms, 200 ms).
const callMs = SDK_CLIENT.maxAttempts * SDK_CLIENT.requestHandler.requestTimeout + 300;

const handlerText = (folder: string): string =>
  trackedFiles(/^functions\/[\w-]+\/handler\.ts$/).get(`functions/${folder}/handler.ts`) ?? "";

/** The limits that a handler names, in milliseconds. */
const limitsIn = (folder: string): readonly number[] =>
  [...handlerText(folder).matchAll(/^const \w+_MS = ([\d_]+);$/gm)].map(([, ms]) =>
    Number(ms?.replaceAll("_", "")),
  );

const longestLimit = (folder: string): number => Math.max(...limitsIn(folder));

describe("every limit lies within the next", () => {
  test.for([
    ["Publish a batch", "RunScenePublishCommandsFunction", "publish-commands", 11_000],
    ["Publish again", "RunScenePublishCommandsFunction", "publish-commands", 11_000],
    [
      "Await acknowledgements",
      "RunSceneAwaitAcknowledgementsFunction",
      "await-acknowledgements",
      10_000,
    ],
    ["Conclude", "RunSceneConcludeRunFunction", "conclude-run", 16_000],
  ] as const)("call, function, state and Lambda of %s", ([name, id, folder, givesUpMs]) => {
    // One moment for all of its calls, from the beginning: nothing adds up behind it.
    const [, beforeIt = "await"] =
      /^export const handler = ([\s\S]*?)const until = AbortSignal\.timeout/m.exec(
        handlerText(folder),
      ) ?? [];
    expect(beforeIt).not.toContain("await");
    expect(longestLimit(folder)).toBe(givesUpMs);
    const inner = DEFINITION.States["Publish commands"]?.ItemProcessor?.States ?? {};
    const stateMs = 1000 * ({ ...DEFINITION.States, ...inner }[name]?.TimeoutSeconds ?? 0);
    const lambdaMs = 1000 * Number(at(propertiesOf(template, id), "Timeout"));

    expect(callMs).toBe(9_300);
    expect(callMs).toBeLessThan(givesUpMs);
    expect(givesUpMs).toBeLessThan(stateMs);
    expect(stateMs).toBeLessThan(lambdaMs);
  });
});

test("what a sweeper gives one run fits into what it keeps in reserve for it", () => {
  const [runMs = Number.NaN, , reserveMs = Number.NaN] = limitsIn("sweep-runs");
  const lambdaMs =
    1000 * Number(at(propertiesOf(template, "RunSweeperSweepRunsFunction"), "Timeout"));

  expect([runMs, reserveMs, lambdaMs]).toEqual([10_000, 30_000, 60_000]);
  // And after it its record, and how far the pass came.
  expect(runMs + 2 * callMs).toBeLessThan(reserveMs);
});

// REQ: time-budget
test("no function makes a client of AWS without time limits", () => {
  const without = [...trackedFiles(/^functions\/adapters\/.*\.ts$/)]
    .filter(([, text]) => /new \w+Client\(/.test(text))
    .filter(
      ([, text]) =>
        !/Client\(SDK_CLIENT\)|\.\.\.SDK_CLIENT\.requestHandler|requestTimeout:/.test(text),
    )
    .map(([file]) => file);

  expect(without).toEqual([]);
});
