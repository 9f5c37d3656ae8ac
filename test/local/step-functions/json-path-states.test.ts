// A machine of JSONata may hold states of JSONPath; they are run as far as reference paths go.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Definition, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({ functions: { echo: (payload) => payload } });
});
afterAll(() => aws.close());

/** A machine of JSONPath by default, with one state of JSONata at its end. */
const mixed = (state: Definition, last: unknown = "{% $states.input %}"): Definition => ({
  StartAt: "First",
  States: {
    First: { ...state, Next: "Last" },
    Last: { QueryLanguage: "JSONata", Type: "Pass", Output: last, End: true },
  },
});
const INPUT = { a: { b: [1, 2] }, "odd name": "o" };

test.each<[string, Definition, unknown]>([
  ["InputPath", { Type: "Pass", InputPath: "$.a.b" }, [1, 2]],
  ["InputPath null", { Type: "Pass", InputPath: null }, {}],
  ["OutputPath", { Type: "Pass", OutputPath: "$.a.b[1]" }, 2],
  ["quoted names", { Type: "Pass", OutputPath: "$['odd name']" }, "o"],
  [
    "Parameters",
    { Type: "Pass", Parameters: { x: { "y.$": "$.a.b[0]" }, "all.$": "$", c: 1 } },
    { x: { y: 1 }, all: INPUT, c: 1 },
  ],
  [
    "the context object",
    { Type: "Pass", Parameters: { "name.$": "$$.State.Name" } },
    { name: "First" },
  ],
  ["Result", { Type: "Pass", Result: { r: 1 } }, { r: 1 }],
  [
    "ResultPath",
    { Type: "Pass", Result: 1, ResultPath: "$.a.new.deep" },
    { ...INPUT, a: { b: [1, 2], new: { deep: 1 } } },
  ],
  ["ResultPath null", { Type: "Pass", Result: 1, ResultPath: null }, INPUT],
])("%s", async (_what, state, expected) => {
  const { output } = await aws.run(mixed(state), INPUT);

  expect(output).toEqual(expected);
});

test("a Task selects from its result, puts it into its input and assigns from it", async () => {
  const definition = mixed(
    {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: "echo", "Payload.$": "$.a" },
      ResultSelector: { "first.$": "$.Payload.b[0]" },
      ResultPath: "$.got",
      Assign: { "v.$": "$.first", plain: "p" },
    },
    { in: "{% $states.input %}", v: "{% $v %}", plain: "{% $plain %}" },
  );

  const { output } = await aws.run(definition, { a: { b: [7] } });

  expect(output).toEqual({ in: { a: { b: [7] }, got: { first: 7 } }, v: 7, plain: "p" });
});

test("a state of JSONPath reads the variables that one of JSONata has set", async () => {
  const definition = {
    StartAt: "Set",
    States: {
      Set: { QueryLanguage: "JSONata", Type: "Pass", Assign: { v: { deep: [1] } }, Next: "Read" },
      Read: { Type: "Pass", Parameters: { "got.$": "$v.deep[0]" }, End: true },
    },
  };

  const { output } = await aws.run(definition);

  expect(output).toEqual({ got: 1 });
});

test("a Wait, a Map and a Fail take their values from paths", async () => {
  const definition = {
    StartAt: "W",
    States: {
      W: { Type: "Wait", SecondsPath: "$.s", Next: "M" },
      M: {
        Type: "Map",
        ItemsPath: "$.items",
        ItemSelector: { "v.$": "$$.Map.Item.Value", "s.$": "$.s" },
        ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } },
        ResultPath: "$.out",
        Next: "J",
      },
      J: {
        QueryLanguage: "JSONata",
        Type: "Pass",
        Output: { cause: "{% $string($states.input.out) %}" },
        Next: "F",
      },
      F: { Type: "Fail", Error: "E", CausePath: "$.cause" },
    },
  };

  const { description } = await aws.run(definition, { s: 2, items: [1, 2] });

  expect(description).toMatchObject({
    status: "FAILED",
    error: "E",
    cause: '[{"v":1,"s":2},{"v":2,"s":2}]',
  });
});

test("a catcher puts the error where its ResultPath says", async () => {
  const definition = mixed({
    Type: "Parallel",
    Branches: [{ StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: "c" } } }],
    Catch: [{ ErrorEquals: ["E"], ResultPath: "$.error", Next: "Last" }],
  });

  const { output } = await aws.run(definition, { in: 1 });

  expect(output).toEqual({ in: 1, error: { Error: "E", Cause: "c" } });
});

test("a path that leads to nothing fails the execution, in AWS's words", async () => {
  const { description } = await aws.run(
    mixed({ Type: "Pass", Parameters: { "missing.$": "$.nope.deep" } }),
    { other: 1 },
  );

  expect(description).toMatchObject({
    status: "FAILED",
    error: "States.Runtime",
    cause:
      "An error occurred while executing the state 'First' (entered at the event id #2). The JSONPath '$.nope.deep' specified for the field 'missing.$' could not be found in the input '{\"other\":1}'",
  });
});
