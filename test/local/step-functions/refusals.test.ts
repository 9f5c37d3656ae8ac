// What is refused when a machine is created, with AWS's codes. Texts are left out where AWS's own was not seen.
import {
  CreateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAMBDA, output, pass, problemsIn, task } from "./definitions.ts";
import { containing, matching } from "./matchers.ts";
import { type Definition, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const problems = problemsIn(() => aws);
const invoke = (more: Definition): Definition => task(LAMBDA, more);

describe("expressions", () => {
  test.each([
    // jsonata 2.2 has these two operators, AWS's 2.0.6 does not.
    ["$states.input.a ?? 1", "INVALID_JSONATA_EXPRESSION"],
    ["$states.input.a ?: 1", "INVALID_JSONATA_EXPRESSION"],
    ["$", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["$$.a", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["*", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["**.a", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["{'a': b}", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["$count(items)", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["($f := function($x) { $x + y }; $f(1))", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["$states.result", "UNSUPPORTED_JSONATA_EXPRESSION"],
    ["$states.errorOutput.Error", "UNSUPPORTED_JSONATA_EXPRESSION"],
  ])("%s is refused", async (expression, code) => {
    const found = await problems(output(expression));

    expect(found.map((problem) => problem.split(":")[0])).toEqual([code]);
  });

  test.each([
    "$states.input.items[price > 5].name",
    "$states.input.items.{'n': name, 'all': $}",
    "$states.input.items^(>price).name",
    "$map($states.input.items, function($v, $i) { $v.name & $i })",
    "$states.input ~> |items|{'seen': true}|",
    "$states.input.items.(price * quantity)",
    "$states.input.items{category: $sum(price)}",
    "$doesNotExist",
    "$eval('1')",
    "$states.input.**.price",
    "$states.input.items@$i.{'n': $i.name}",
    "$states.context.Execution.Name",
  ])("%s is taken", async (expression) => {
    expect(await problems(output(expression))).toEqual([]);
  });

  test("a text with something outside of the marks is no expression", async () => {
    expect(await problems(machine({ P: pass({ Output: " {% broken( %}" }) }))).toEqual([]);
  });

  test("a task's Output reads the result, a catcher's the error, and neither the other's", async () => {
    const definition = machine({
      T: {
        Type: "Task",
        Resource: LAMBDA,
        Arguments: { a: "{% $states.result %}" },
        Assign: { r: "{% $states.result %}", e: "{% $states.errorOutput %}" },
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Output: "{% [$states.errorOutput, $states.result] %}",
            Next: "T2",
          },
        ],
        Next: "T2",
      },
      T2: pass(),
    });

    const found = await problems(definition);

    expect(found.map((problem) => problem.split(" at /").at(-1))).toEqual([
      "States/T/Arguments/a",
      "States/T/Assign/e",
      "States/T/Catch[0]/Output",
    ]);
  });
});

describe("variables", () => {
  const assign = (name: string): Definition => machine({ P: pass({ Assign: { [name]: 1 } }) });

  test.each(["x.y", "1st", "with blank", "", "states", "x".repeat(81), "a-b"])(
    "the name %j is refused",
    async (name) => {
      const found = await problems(assign(name));

      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^SCHEMA_VALIDATION_FAILED: .* at \/States\/P\/Assign\//);
    },
  );

  test.each(["x", "_x1", "größe", "変数", "x".repeat(80)])("the name %j is taken", async (name) => {
    expect(await problems(assign(name))).toEqual([]);
  });

  test("an iteration or a branch does not assign what is assigned around it, wherever that is", async () => {
    const inner = { StartAt: "In", States: { In: pass({ Assign: { later: 1 } }) } };
    const branch = { StartAt: "In2", States: { In2: pass({ Assign: { later: 1, own: 2 } }) } };
    const definition = machine({
      M: { Type: "Map", ItemProcessor: inner, Next: "P" },
      P: { Type: "Parallel", Branches: [branch], Next: "Set" },
      Set: pass({ Assign: { later: 0 } }),
    });

    const found = await problems(definition);

    expect(found.map((problem) => problem.split(" at /").at(-1))).toEqual([
      "States/M/ItemProcessor/States/In/Assign/later",
      "States/P/Branches[0]/States/In2/Assign/later",
    ]);
  });

  test("the same name in two branches, or in the Catch of a Map, is taken", async () => {
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: pass({ Assign: { mine: 1 } }) },
    });
    const definition = machine({
      P: {
        Type: "Parallel",
        Branches: [branch("A"), branch("B")],
        Catch: [{ ErrorEquals: ["States.ALL"], Assign: { why: 1 }, Next: "End" }],
        Next: "End",
      },
      End: pass(),
    });

    expect(await problems(definition)).toEqual([]);
  });
});

describe("schema", () => {
  test.each<[string, Definition, readonly string[]]>([
    [
      "a wait for part of a second",
      machine({ W: { Type: "Wait", Seconds: 0.5, End: true } }),
      ["States/W/Seconds"],
    ],
    [
      "a wait before now",
      machine({ W: { Type: "Wait", Seconds: -1, End: true } }),
      ["States/W/Seconds"],
    ],
    ["a wait without a length", machine({ W: { Type: "Wait", End: true } }), ["States/W"]],
    [
      "a timestamp that is none",
      machine({ W: { Type: "Wait", Timestamp: "soon", End: true } }),
      ["States/W/Timestamp"],
    ],
    ["no type", machine({ X: { End: true } }), ["States/X"]],
    ["an unknown type", machine({ X: { Type: "Loop", End: true } }), ["States/X/Type"]],
    [
      "neither Next nor End",
      machine({ P: { Type: "Pass" }, Q: pass() }, { StartAt: "Q" }),
      ["States/P", "States/P"],
    ],
    [
      "both Next and End",
      machine({ P: { Type: "Pass", Next: "Q", End: true }, Q: pass() }),
      ["States/P"],
    ],
    ["a task without a resource", machine({ T: { Type: "Task", End: true } }), ["States/T"]],
    ["a resource that is an expression", task("{% $states.input.r %}"), ["States/T/Resource"]],
    [
      "a heartbeat as long as the timeout",
      invoke({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
      ["States/T/HeartbeatSeconds"],
    ],
    ["a timeout of nothing", invoke({ TimeoutSeconds: 0 }), ["States/T/TimeoutSeconds"]],
    [
      "a choice without rules",
      machine({ C: { Type: "Choice", Choices: [], Default: "P" }, P: pass() }),
      ["States/C/Choices"],
    ],
    [
      "a rule without a condition",
      machine({ C: { Type: "Choice", Choices: [{ Next: "P" }] }, P: pass() }),
      ["States/C/Choices[0]"],
    ],
    [
      "a rule of JSONPath",
      machine({
        C: { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "P" }] },
        P: pass(),
      }),
      ["States/C/Choices[0]", "States/C/Choices[0]", "States/C/Choices[0]"],
    ],
    [
      "a condition that is no boolean",
      machine({ C: { Type: "Choice", Choices: [{ Condition: "yes", Next: "P" }] }, P: pass() }),
      ["States/C/Choices[0]/Condition"],
    ],
    ["a map without a processor", machine({ M: { Type: "Map", End: true } }), ["States/M"]],
    [
      "a parallel without branches",
      machine({ P: { Type: "Parallel", Branches: [], End: true } }),
      ["States/P/Branches"],
    ],
    [
      "States.ALL among others",
      invoke({ Retry: [{ ErrorEquals: ["States.ALL", "A"] }] }),
      ["States/T/Retry[0]/ErrorEquals"],
    ],
    [
      "States.ALL before the last entry",
      invoke({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["A"] }] }),
      ["States/T/Retry[0]/ErrorEquals"],
    ],
    [
      "a retrier without errors",
      invoke({ Retry: [{ IntervalSeconds: 1 }] }),
      ["States/T/Retry[0]"],
    ],
    [
      "an interval of nothing",
      invoke({ Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 0 }] }),
      ["States/T/Retry[0]/IntervalSeconds"],
    ],
    [
      "a backoff that shrinks",
      invoke({ Retry: [{ ErrorEquals: ["A"], BackoffRate: 0.5 }] }),
      ["States/T/Retry[0]/BackoffRate"],
    ],
    [
      "a cap below the interval",
      invoke({ Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 9, MaxDelaySeconds: 9 }] }),
      ["States/T/Retry[0]/MaxDelaySeconds"],
    ],
    [
      "a jitter that is none",
      invoke({ Retry: [{ ErrorEquals: ["A"], JitterStrategy: "SOME" }] }),
      ["States/T/Retry[0]/JitterStrategy"],
    ],
    [
      "a catcher that leads nowhere",
      invoke({ Catch: [{ ErrorEquals: ["A"] }] }),
      ["States/T/Catch[0]"],
    ],
    [
      "a catcher to a state that is not there",
      invoke({ Catch: [{ ErrorEquals: ["A"], Next: "X" }] }),
      ["States/T/Catch[0]/Next"],
    ],
    [
      "a name used twice",
      machine({
        P: { Type: "Parallel", Branches: [{ StartAt: "P", States: { P: pass() } }], End: true },
      }),
      ["States/P/Branches[0]/States/P"],
    ],
    [
      "a name that is too long",
      machine({ ["x".repeat(81)]: pass() }),
      [`States/${"x".repeat(81)}`],
    ],
    ["an unknown field of the machine", machine({ P: pass() }, { Timeout: 3 }), [""]],
    ["no states", { QueryLanguage: "JSONata", StartAt: "X" }, [""]],
    [
      "an unknown query language",
      machine({ P: pass() }, { QueryLanguage: "XPath" }),
      ["QueryLanguage"],
    ],
  ])("%s", async (_what, definition, locations) => {
    const found = await problems(definition);

    expect(found.map((problem) => problem.split(" at /").at(-1))).toEqual(locations);
  });

  test("text that is no JSON", async () => {
    expect((await problems("{broken"))[0]).toMatch(/^INVALID_JSON_DESCRIPTION: /);
  });

  test("a Distributed Map in Express", async () => {
    const distributed = machine({
      M: {
        Type: "Map",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
          StartAt: "P",
          States: { P: pass() },
        },
        End: true,
      },
    });

    expect(await problems(distributed, "EXPRESS")).toEqual([
      matching(/^SCHEMA_VALIDATION_FAILED: Express state machine does not support 'DISTRIBUTED'/),
    ]);
  });
});

describe("what AWS has and this stack does not imitate is refused by name", () => {
  test.each<[string, Definition, string]>([
    [
      "JSONPath",
      { StartAt: "P", States: { P: { Type: "Pass", Parameters: { "a.$": "$.b" }, End: true } } },
      "JSONPath",
    ],
    [
      "another service",
      task("arn:aws:states:::sqs:sendMessage"),
      "arn:aws:states:::sqs:sendMessage",
    ],
    [
      "another SDK service",
      task("arn:aws:states:::aws-sdk:s3:getObject"),
      "arn:aws:states:::aws-sdk:s3:getObject",
    ],
    ["a task token", task(`${LAMBDA}.waitForTaskToken`), `${LAMBDA}.waitForTaskToken`],
    ["an activity", task("arn:aws:states:us-east-1:000000000000:activity:a"), "activity"],
    [
      "a function of JSONPath",
      {
        StartAt: "J",
        States: {
          J: { Type: "Pass", QueryLanguage: "JSONata", Next: "P" },
          P: { Type: "Pass", Parameters: { "a.$": "States.UUID()" }, End: true },
        },
      },
      "States.UUID()",
    ],
  ])("%s", async (_what, definition, named) => {
    const creation = aws.create(definition);

    await expect(creation).rejects.toMatchObject({
      name: "NotEmulated",
      message: containing(named),
    });
    expect(await problems(definition)).toEqual([]);
  });
});

test("the answer of a validation is cut where that is asked for, and says so", async () => {
  const definition = JSON.stringify(machine({ a: { Type: "X" }, b: { Type: "Y" } }));

  const cut = await aws.client.send(
    new ValidateStateMachineDefinitionCommand({ definition, maxResults: 1 }),
  );
  const fine = await aws.client.send(
    new ValidateStateMachineDefinitionCommand({
      definition: JSON.stringify(machine({ P: pass() })),
    }),
  );

  expect(cut).toMatchObject({ result: "FAIL", truncated: true });
  expect(cut.diagnostics).toHaveLength(1);
  expect(cut.diagnostics?.[0]).toMatchObject({ severity: "ERROR" });
  expect(fine).toMatchObject({ result: "OK", diagnostics: [], truncated: false });
});

test("nothing is created of what was refused", async () => {
  const name = "refused";
  const create = (definition: Definition) =>
    aws.client.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: "arn:aws:iam::000000000000:role/Machine",
      }),
    );
  await create(output("phone")).catch(() => {});

  const created = await create(machine({ P: pass() }));

  expect(created.stateMachineArn).toBe(
    "arn:aws:states:us-east-1:000000000000:stateMachine:refused",
  );
});
