import { afterAll, beforeAll, expect, test } from "vitest";
import { machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({ functions: { echo: (payload) => payload } });
});
afterAll(() => aws.close());

test("Assign and Output are evaluated with the values on entry", async () => {
  const definition = machine({
    A: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "B" },
    B: {
      Type: "Pass",
      Assign: { x: "{% $y %}", y: "{% $x %}", sum: "{% $x + $y %}" },
      Output: ["{% $x %}", "{% $y %}"],
      Next: "C",
    },
    C: {
      Type: "Pass",
      Output: ["{% $states.input %}", ["{% $x %}", "{% $y %}", "{% $sum %}"]],
      End: true,
    },
  });

  const { output } = await aws.run(definition);

  expect(output).toEqual([
    [1, 2],
    [2, 1, 3],
  ]);
});

test("an exited event tells what was assigned, as text", async () => {
  const definition = machine({
    A: { Type: "Pass", Assign: { n: 1, s: "t", o: { a: null }, l: [] }, End: true },
  });

  const { events } = await aws.run(definition);

  expect(events[2]?.stateExitedEventDetails).toEqual({
    name: "A",
    input: undefined,
    output: "{}",
    outputDetails: { truncated: false },
    assignedVariables: { n: "1", s: '"t"', o: '{"a":null}', l: "[]" },
    assignedVariablesDetails: { truncated: false },
  });
});

test("a Choice sets what its matching rule says, and what itself says only by default", async () => {
  const choice = machine({
    C: {
      Type: "Choice",
      Choices: [
        {
          Condition: "{% $states.input.take %}",
          Assign: { by: "rule" },
          Output: "from rule",
          Next: "End",
        },
      ],
      Default: "End",
      Assign: { by: "default" },
      Output: "from default",
    },
    End: { Type: "Pass", Output: "{% [$by, $states.input] %}", End: true },
  });

  const taken = await aws.run(choice, { take: true });
  const otherwise = await aws.run(choice, { take: false });

  expect(taken.output).toEqual(["rule", "from rule"]);
  expect(otherwise.output).toEqual(["default", "from default"]);
});

test("a Task assigns from its result, a Wait from its input", async () => {
  const definition = machine({
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "echo", Payload: { n: 5 } },
      Assign: { n: "{% $states.result.Payload.n %}" },
      Output: "{% $states.input %}",
      Next: "W",
    },
    W: { Type: "Wait", Seconds: 1, Assign: { name: "{% $states.input.name %}" }, Next: "End" },
    End: { Type: "Pass", Output: "{% $name & $n %}", End: true },
  });

  const { output } = await aws.run(definition, { name: "n" });

  expect(output).toBe("n5");
});

test("iterations and branches read what is around them, keep their own apart, and leave nothing behind", async () => {
  const definition = machine({
    Set: { Type: "Pass", Assign: { outer: 10 }, Next: "M" },
    M: {
      Type: "Map",
      Items: [1, 2, 3],
      ItemProcessor: {
        StartAt: "Keep",
        States: {
          Keep: { Type: "Pass", Assign: { mine: "{% $states.input * $outer %}" }, Next: "Wait" },
          Wait: { Type: "Wait", Seconds: "{% 4 - $states.input %}", Next: "Tell" },
          Tell: { Type: "Pass", Output: "{% $mine %}", End: true },
        },
      },
      Assign: { all: "{% $states.result %}" },
      Next: "End",
    },
    End: { Type: "Pass", Output: { all: "{% $all %}", gone: "{% $exists($mine) %}" }, End: true },
  });

  const { output } = await aws.run(definition);

  expect(output).toEqual({ all: [10, 20, 30], gone: false });
});

test("a retried Map begins with the variables it had, not with those of the failed attempt", async () => {
  const definition = machine({
    M: {
      Type: "Map",
      Items: [1],
      Retry: [{ ErrorEquals: ["Again"], MaxAttempts: 1 }],
      ItemProcessor: {
        StartAt: "Seen",
        States: {
          Seen: {
            Type: "Choice",
            Choices: [{ Condition: "{% $exists($seen) %}", Next: "Yes" }],
            Default: "Set",
          },
          Set: { Type: "Pass", Assign: { seen: true }, Next: "Fail" },
          Fail: { Type: "Fail", Error: "Again" },
          Yes: { Type: "Succeed" },
        },
      },
      End: true,
    },
  });

  const { description } = await aws.run(definition);

  expect(description).toMatchObject({ status: "FAILED", error: "Again" });
});

test("variables of 256 KiB in one Assign are too many, of a little less are not", async () => {
  const big = (length: number) =>
    machine({ A: { Type: "Pass", Assign: { a: `{% $pad('', ${length}, 'x') %}` }, End: true } });

  const fits = await aws.run(big(262_000));
  const tooMuch = await aws.run(big(262_144));

  expect(fits.description.status).toBe("SUCCEEDED");
  expect(tooMuch.description).toMatchObject({
    status: "FAILED",
    error: "States.DataLimitExceeded",
  });
});

test("10 MiB of variables end the execution", async () => {
  const states = Object.fromEntries(
    Array.from({ length: 42 }, (_, index) => [
      `A${index}`,
      {
        Type: "Pass",
        Assign: { [`v${index}`]: "{% $pad('', 260000, 'x') %}" },
        ...(index === 41 ? { End: true } : { Next: `A${index + 1}` }),
      },
    ]),
  );

  const { description, types } = await aws.run(machine(states));

  expect(description).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  // 40 times 260,002 bytes and their names are below 10,485,760; the 41st is not.
  expect(types.filter((type) => type === "PassStateExited")).toHaveLength(40);
});
