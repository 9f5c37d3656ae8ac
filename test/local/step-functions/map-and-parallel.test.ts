import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Definition, FunctionError, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
let running = 0;
let most = 0;
let wanted = 0;
let open: PromiseWithResolvers<unknown>;
let attempts: number[];
let release: (() => void)[];
beforeAll(async () => {
  aws = await startTestAws({
    functions: {
      count: async (payload) => {
        running += 1;
        most = Math.max(most, running);
        // Nobody is answered before as many are under way as a test expects, and a moment more for one too many.
        const { promise, resolve } = open;
        if (running === wanted) setTimeout(() => resolve(undefined), 20);
        await promise;
        running -= 1;
        return payload;
      },
      fail: (payload) => {
        const { n } = payload as { n: number };
        attempts.push(n);
        if (n === 1) throw new FunctionError('{"errorMessage":"one","errorType":"One"}');
        return n;
      },
      // Answers when the test says so.
      held: () => new Promise<void>((resolve) => release.push(resolve)),
    },
  });
});
beforeEach(() => {
  most = 0;
  open = Promise.withResolvers();
  attempts = [];
  release = [];
});
afterAll(() => aws.close());

const invoke = (name: string, payload: unknown): Definition => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: name, Payload: payload },
  Output: "{% $states.result.Payload %}",
  End: true,
});
const map = (state: Definition, more: Definition = {}): Definition => ({
  Type: "Map",
  ItemProcessor: { StartAt: "Each", States: { Each: state } },
  End: true,
  ...more,
});
const times = (count: number, text: string): readonly string[] =>
  Array.from({ length: count }, () => text);
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe("Map", () => {
  test("results stand in the order of the items, whatever finished first", async () => {
    const wait = { Type: "Wait", Seconds: "{% 10 - $states.input %}", End: true };

    const { output } = await aws.run(machine({ M: map(wait) }), numbers(10));

    expect(output).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test.each([
    [0, 60, 40],
    [1, 5, 1],
    [3, 12, 3],
    [100, 60, 40],
  ])("MaxConcurrency %i of %i items runs %i at once", async (maxConcurrency, items, expected) => {
    wanted = expected;
    const state = invoke("count", { n: "{% $states.input %}" });

    await aws.run(machine({ M: map(state, { MaxConcurrency: maxConcurrency }) }), numbers(items));

    expect(most).toBe(expected);
  });

  test("no items: nothing runs", async () => {
    const { output, types } = await aws.run(machine({ M: map({ Type: "Pass", End: true }) }), []);

    expect(output).toEqual([]);
    expect(types).toEqual([
      "ExecutionStarted",
      "MapStateEntered",
      "MapStateStarted",
      "MapStateSucceeded",
      "MapStateExited",
      "ExecutionSucceeded",
    ]);
  });

  test("the item selector sees the Map's input, the variables and the item in the context", async () => {
    const definition = machine({
      Set: { Type: "Pass", Assign: { v: "var" }, Next: "M" },
      M: map(
        { Type: "Pass", Output: "{% [$states.input, $states.context.Map.Item] %}", End: true },
        {
          Items: ["a", "{% 'b' %}"],
          ItemSelector: {
            whole: "{% $states.input.k %}",
            index: "{% $states.context.Map.Item.Index %}",
            value: "{% $states.context.Map.Item.Value %}",
            v: "{% $v %}",
          },
        },
      ),
    });

    const { output } = await aws.run(definition, { k: 7 });

    expect(output).toEqual([
      [
        { whole: 7, index: 0, value: "a", v: "var" },
        { Index: 0, Value: "a" },
      ],
      [
        { whole: 7, index: 1, value: "b", v: "var" },
        { Index: 1, Value: "b" },
      ],
    ]);
  });

  test("the first failure fails the Map and ends the others, which record that", async () => {
    const each = {
      StartAt: "Which",
      States: {
        Which: {
          Type: "Choice",
          Choices: [{ Condition: "{% $states.input = 1 %}", Next: "Bad" }],
          Default: "Slow",
        },
        Bad: { Type: "Fail", Error: "Bad", Cause: "the second" },
        Slow: { Type: "Wait", Seconds: 60, End: true },
      },
    };

    const { description, types } = await aws.run(
      machine({ M: { Type: "Map", ItemProcessor: each, End: true } }),
      [0, 1, 2],
    );

    expect(description).toMatchObject({ status: "FAILED", error: "Bad", cause: "the second" });
    expect(types.filter((type) => type === "WaitStateExited")).toEqual([]);
    expect([...types].sort()).toEqual(
      [
        "ExecutionStarted",
        "MapStateEntered",
        "MapStateStarted",
        ...times(3, "MapIterationStarted"),
        ...times(3, "ChoiceStateEntered"),
        ...times(3, "ChoiceStateExited"),
        ...times(2, "WaitStateEntered"),
        "FailStateEntered",
        "MapIterationFailed",
        ...times(2, "WaitStateAborted"),
        ...times(2, "MapIterationAborted"),
        "MapStateFailed",
        "ExecutionFailed",
      ].sort(),
    );
    expect(types.slice(-2)).toEqual(["MapStateFailed", "ExecutionFailed"]);
  });

  test("items that were not begun when another failed are never begun", async () => {
    const state = invoke("fail", { n: "{% $states.input %}" });

    await aws.run(machine({ M: map(state, { MaxConcurrency: 1 }) }), numbers(5));

    expect(attempts).toEqual([0, 1]);
  });

  test("Retry runs all items again, inside of one visit to the state", async () => {
    const state = invoke("fail", { n: "{% $states.input %}" });
    const retry = { Retry: [{ ErrorEquals: ["One"], MaxAttempts: 1 }], MaxConcurrency: 1 };

    const { types } = await aws.run(machine({ M: map(state, retry) }), [0, 1]);

    expect(attempts).toEqual([0, 1, 0, 1]);
    expect(types.filter((type) => type.startsWith("MapState"))).toEqual([
      "MapStateEntered",
      "MapStateStarted",
      "MapStateFailed",
      "MapStateStarted",
      "MapStateFailed",
    ]);
  });

  test("a failed item that was caught inside is data, and the Map succeeds", async () => {
    const each = {
      StartAt: "Call",
      States: {
        Call: {
          ...invoke("fail", { n: "{% $states.input %}" }),
          Catch: [
            {
              ErrorEquals: ["States.ALL"],
              Output: { failed: "{% $states.errorOutput.Error %}" },
              Next: "Done",
            },
          ],
        },
        Done: { Type: "Succeed" },
      },
    };

    const { output } = await aws.run(
      machine({ M: { Type: "Map", ItemProcessor: each, End: true } }),
      [0, 1, 2],
    );

    expect(output).toEqual([0, { failed: "One" }, 2]);
  });

  test("an item's answer that comes after the Map has failed changes nothing", async () => {
    const definition = machine({
      M: {
        Type: "Map",
        ItemProcessor: {
          StartAt: "Which",
          States: {
            Which: {
              Type: "Choice",
              Choices: [{ Condition: "{% $states.input = 'held' %}", Next: "Held" }],
              Default: "Bad",
            },
            Held: invoke("held", {}),
            Bad: { Type: "Fail", Error: "Bad" },
          },
        },
        Catch: [{ ErrorEquals: ["Bad"], Output: "caught", Next: "Rest" }],
        End: true,
      },
      Rest: { Type: "Wait", Seconds: 1, End: true },
    });

    const ended = await aws.run(definition, ["held", "bad"]);
    for (const one of release) one();
    const again = await aws.ended(ended.description.executionArn ?? "");

    expect(ended.output).toBe("caught");
    expect(again.types).toEqual(ended.types);
    expect(ended.types).toContain("TaskStateAborted");
  });

  test.each([
    ["{% 1.5 %}", "Expected 'integer', but was 'number' for value: 1.5"],
    ["{% 'x' %}", "Expected 'integer', but was 'string' for value: \"x\""],
  ])("MaxConcurrency %s fails the state", async (value, text) => {
    const { description } = await aws.run(
      machine({ M: map({ Type: "Pass", End: true }, { MaxConcurrency: value }) }),
      [],
    );

    expect(description.error).toBe("States.QueryEvaluationError");
    expect(description.cause).toContain(text);
  });

  test("Maps within Maps keep their items apart", async () => {
    const inner = map(
      { Type: "Pass", Output: "{% $states.input * $states.context.Map.Item.Value %}", End: true },
      {},
    );
    const outer = { ...inner, ItemProcessor: { ...(inner.ItemProcessor as object) } };
    const definition = machine({
      Outer: {
        Type: "Map",
        ItemProcessor: { StartAt: "Inner", States: { Inner: outer } },
        End: true,
      },
    });

    const { output } = await aws.run(definition, [
      [1, 2],
      [3, 4],
    ]);

    expect(output).toEqual([
      [1, 4],
      [9, 16],
    ]);
  });
});

describe("Parallel", () => {
  const branch = (name: string, state: Definition) => ({
    StartAt: name,
    States: { [name]: state },
  });

  test("every branch gets the arguments, results stand in the branches' order", async () => {
    const definition = machine({
      P: {
        Type: "Parallel",
        Arguments: { n: "{% $states.input.n + 1 %}" },
        Branches: [
          branch("Slow", { Type: "Wait", Seconds: 9, Output: "{% $states.input.n %}", End: true }),
          branch("Fast", { Type: "Pass", Output: "{% $states.input.n * 2 %}", End: true }),
        ],
        Output: { both: "{% $states.result %}", in: "{% $states.input %}" },
        End: true,
      },
    });

    const { output, types } = await aws.run(definition, { n: 1 });

    expect(output).toEqual({ both: [2, 4], in: { n: 1 } });
    expect(types.filter((type) => type.startsWith("Parallel"))).toEqual([
      "ParallelStateEntered",
      "ParallelStateStarted",
      "ParallelStateSucceeded",
      "ParallelStateExited",
    ]);
  });

  test("the first failure fails it and ends the others, nested ones too", async () => {
    const definition = machine({
      P: {
        Type: "Parallel",
        Branches: [
          branch("Outer", {
            Type: "Parallel",
            Branches: [branch("Slow", { Type: "Wait", Seconds: 60, End: true })],
            End: true,
          }),
          {
            StartAt: "Soon",
            States: {
              Soon: { Type: "Wait", Seconds: 1, Next: "Bad" },
              Bad: { Type: "Fail", Error: "Bad" },
            },
          },
        ],
        End: true,
      },
    });

    const { description, types } = await aws.run(definition);

    expect(description).toMatchObject({ status: "FAILED", error: "Bad" });
    expect(types.slice(-5)).toEqual([
      "FailStateEntered",
      "WaitStateAborted",
      "ParallelStateAborted",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
  });

  test("it takes as long as its slowest branch", async () => {
    const definition = machine({
      P: {
        Type: "Parallel",
        Branches: [5, 30, 10].map((seconds) =>
          branch(`W${seconds}`, { Type: "Wait", Seconds: seconds, End: true }),
        ),
        End: true,
      },
    });

    const { description } = await aws.run(definition);

    const { startDate, stopDate } = description;
    const seconds = ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000;
    expect(Math.round(seconds)).toBe(30);
  });
});
