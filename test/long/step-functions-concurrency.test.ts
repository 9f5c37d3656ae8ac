// Random machines against a model of them: whatever runs at once, the result is the same.
import { StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Definition, startTestAws, type TestAws } from "../local/step-functions/support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

/** What a piece of a machine does to a number; it throws where the machine fails. */
type Model = (n: number) => number;

/** Some states that follow each other, each leading to the next; the last has neither Next nor End yet. */
interface Piece {
  readonly states: (names: () => string, maxConcurrency: number) => readonly NamedState[];
  readonly model: Model;
}

interface NamedState {
  readonly name: string;
  /** The states that the state needs beside it, already complete. */
  readonly beside?: Readonly<Record<string, Definition>>;
  readonly state: (next: Definition) => Definition;
}

const UNLUCKY = "Unlucky";

const pass = (a: number, b: number): Piece => ({
  states: (names) => [
    {
      name: names(),
      state: (next) => ({
        Type: "Pass",
        Output: `{% ($states.input * ${a} + ${b}) % 997 %}`,
        ...next,
      }),
    },
  ],
  model: (n) => (n * a + b) % 997,
});

const wait = (most: number): Piece => ({
  states: (names) => [
    {
      name: names(),
      state: (next) => ({ Type: "Wait", Seconds: `{% $states.input % ${most} %}`, ...next }),
    },
  ],
  model: (n) => n,
});

const choice = (divisor: number, add: number): Piece => ({
  states: (names) => {
    const other = names();
    return [
      {
        name: names(),
        state: () => ({
          Type: "Choice",
          Choices: [
            {
              Condition: `{% $states.input % ${divisor} = 0 %}`,
              Output: `{% $states.input + ${add} %}`,
              Next: other,
            },
          ],
          Default: other,
        }),
      },
      { name: other, state: (next) => ({ Type: "Pass", ...next }) },
    ];
  },
  model: (n) => (n % divisor === 0 ? n + add : n),
});

const luck = (divisor: number): Piece => ({
  states: (names) => {
    const bad = names();
    const good = names();
    return [
      {
        name: names(),
        beside: { [bad]: { Type: "Fail", Error: UNLUCKY, Cause: "as it happens" } },
        state: () => ({
          Type: "Choice",
          Choices: [{ Condition: `{% $states.input % ${divisor} = 1 %}`, Next: bad }],
          Default: good,
        }),
      },
      { name: good, state: (next) => ({ Type: "Pass", ...next }) },
    ];
  },
  model: (n) => {
    if (n % divisor === 1) throw new Error(UNLUCKY);
    return n;
  },
});

const CATCH = { Catch: [{ ErrorEquals: [UNLUCKY], Output: 5 }] };

/** A state that may catch: then both ways lead to the same next one. */
const recovering = (state: Definition, catches: boolean, next: Definition): Definition => ({
  ...state,
  ...(catches && typeof next.Next === "string"
    ? { Catch: [{ ...CATCH.Catch[0], Next: next.Next }] }
    : {}),
  ...next,
});

const recovered = (catches: boolean, model: Model): Model => {
  if (!catches) return model;
  return (n) => {
    try {
      return model(n);
    } catch {
      return 5;
    }
  };
};

const map = (count: number, inner: readonly Piece[], catches: boolean): Piece => ({
  states: (names, maxConcurrency) => [
    {
      name: names(),
      state: (next) =>
        recovering(
          {
            Type: "Map",
            Items: Array.from({ length: count }, (_, i) => `{% $states.input + ${i} %}`),
            MaxConcurrency: maxConcurrency,
            ItemProcessor: group(inner, names, maxConcurrency),
            Output: "{% $sum($states.result) % 997 %}",
          },
          catches,
          next,
        ),
    },
    // A catcher needs a state to go to, also at the end of a group.
    { name: names(), state: (next) => ({ Type: "Pass", ...next }) },
  ],
  model: recovered(catches, (n) => {
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += modelOf(inner)(n + i);
    return sum % 997;
  }),
});

const parallel = (branches: readonly (readonly Piece[])[], catches: boolean): Piece => ({
  states: (names, maxConcurrency) => [
    {
      name: names(),
      state: (next) =>
        recovering(
          {
            Type: "Parallel",
            Branches: branches.map((branch) => group(branch, names, maxConcurrency)),
            Output: "{% $sum($states.result) % 997 %}",
          },
          catches,
          next,
        ),
    },
    { name: names(), state: (next) => ({ Type: "Pass", ...next }) },
  ],
  model: recovered(
    catches,
    (n) => branches.reduce((sum, branch) => sum + modelOf(branch)(n), 0) % 997,
  ),
});

const modelOf =
  (pieces: readonly Piece[]): Model =>
  (n) =>
    pieces.reduce((value, { model }) => model(value), n);

const group = (
  pieces: readonly Piece[],
  names: () => string,
  maxConcurrency: number,
): Definition => {
  const all = pieces.flatMap((piece) => piece.states(names, maxConcurrency));
  const end: NamedState = { name: names(), state: () => ({ Type: "Pass", End: true }) };
  const states: Record<string, Definition> = {};
  for (const [index, one] of [...all, end].entries()) {
    const next = [...all, end][index + 1];
    states[one.name] = one.state(next === undefined ? {} : { Next: next.name });
    Object.assign(states, one.beside);
  }
  return { StartAt: [...all, end][0]?.name, States: states };
};

const pieces = fc.letrec<{ list: readonly Piece[]; piece: Piece }>((tie) => ({
  list: fc.array(tie("piece"), { minLength: 1, maxLength: 3 }),
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(fc.nat(9), fc.nat(99)).map(([a, b]) => pass(a, b)),
    fc.integer({ min: 1, max: 5 }).map(wait),
    fc.tuple(fc.integer({ min: 2, max: 5 }), fc.nat(9)).map(([d, a]) => choice(d, a)),
    fc.integer({ min: 5, max: 40 }).map(luck),
    fc
      .tuple(fc.nat(6), tie("list"), fc.boolean())
      .map(([count, inner, catches]) => map(count, inner, catches)),
    fc
      .tuple(fc.array(tie("list"), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([branches, catches]) => parallel(branches, catches)),
  ),
})).list;

const run = async (list: readonly Piece[], maxConcurrency: number, n: number): Promise<string> => {
  let count = 0;
  const names = (): string => {
    count += 1;
    return `S${count}`;
  };
  const definition = { QueryLanguage: "JSONata", ...group(list, names, maxConcurrency) };
  const stateMachineArn = await aws.create(definition, "EXPRESS");
  const answer = await aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn, input: String(n) }),
  );
  return answer.output ?? String(answer.error);
};

test("random machines of Pass, Wait, Choice, Map and Parallel give what their model gives, one at a time or forty", async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(500), async (list, n) => {
      let expected: string;
      try {
        expected = String(modelOf(list)(n));
      } catch {
        expected = UNLUCKY;
      }
      for (const maxConcurrency of [1, 2, 0]) {
        expect(await run(list, maxConcurrency, n)).toBe(expected);
      }
    }),
    { numRuns: 300, interruptAfterTimeLimit: 45_000 },
  );
});
