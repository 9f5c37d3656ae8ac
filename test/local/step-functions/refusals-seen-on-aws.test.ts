// What is refused when a machine is created, in the words that AWS was recorded or measured to use.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAMBDA, output, pass, problemsIn, task } from "./definitions.ts";
import { type Definition, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const problems = problemsIn(() => aws);

describe("texts that AWS was seen to answer", () => {
  test.each<[string, Definition, "STANDARD" | "EXPRESS", readonly string[]]>([
    [
      "JSONPath under JSONata",
      machine({ Pass: pass({ QueryLanguage: "JSONPath" }) }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/Pass",
      ],
    ],
    [
      "waiting for a task token in Express",
      machine({
        Publish: { Type: "Task", Resource: `${LAMBDA}.waitForTaskToken`, End: true },
      }),
      "EXPRESS",
      [
        "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  at /States/Publish/Resource",
      ],
    ],
    [
      "waiting for a job in Express",
      task("arn:aws:states:::states:startExecution.sync"),
      "EXPRESS",
      [
        "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration  at /States/T/Resource",
      ],
    ],
    [
      "an activity in Express",
      task("arn:aws:states:us-east-1:000000000000:activity:a"),
      "EXPRESS",
      [
        "SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN at /States/T/Resource",
      ],
    ],
    [
      "an optimized action that does not exist",
      task("arn:aws:states:::dynamodb:query"),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/T/Resource",
      ],
    ],
    [
      "the IoT data plane, which Step Functions does not call",
      task("arn:aws:states:::aws-sdk:iotdataplane:publish"),
      "EXPRESS",
      [
        "SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:iotdataplane:publish is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/T/Resource",
      ],
    ],
    [
      "a next state that is not there, and one that cannot be reached",
      machine({ pass1: { Type: "Pass", Next: "pass3" }, pass2: pass() }),
      "STANDARD",
      [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next",
        'MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2',
      ],
    ],
    [
      "a start that is not there",
      machine({ One: pass() }, { StartAt: "Not sure" }),
      "STANDARD",
      [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Not sure at /StartAt",
        'MISSING_TRANSITION_TARGET: State "One" is not reachable. at /States/One',
      ],
    ],
    [
      "a loop without an end",
      machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
      "STANDARD",
      ["MISSING_END_STATE: Workflow has no terminal state at null"],
    ],
    [
      "an unknown query language, and nothing else",
      machine(
        { P: pass({ Output: 1 }), Q: pass({ QueryLanguage: "jsonata", Output: 1 }) },
        { QueryLanguage: "jsonata" },
      ),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage",
      ],
    ],
    [
      "a loop without an end in an item processor, which is accepted",
      machine({
        M: {
          Type: "Map",
          ItemProcessor: {
            StartAt: "A",
            States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } },
          },
          End: true,
        },
      }),
      "STANDARD",
      [],
    ],
    [
      "the whole document",
      output("$$"),
      "STANDARD",
      ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/E/Output/v"],
    ],
    [
      "an error output where there is none",
      output("$states.errorOutput"),
      "STANDARD",
      [
        "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/E/Output/v",
      ],
    ],
    [
      "no end hides what cannot be reached, but not what is missing",
      machine({ A: { Type: "Pass", Next: "NOPE" }, B: { Type: "Pass", Next: "A" } }),
      "STANDARD",
      [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
        "MISSING_END_STATE: Workflow has no terminal state at null",
      ],
    ],
    [
      "a field that the kind of state does not have",
      machine({ P: pass({ TimeoutSeconds: 1, Catch: [] }) }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/P",
        "SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/P",
      ],
    ],
    [
      "a field of JSONPath in JSONata",
      machine({ P: pass({ Parameters: {} }) }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage at /States/P",
      ],
    ],
    [
      "a field of JSONata in JSONPath, where a Map does not hand its language down",
      {
        StartAt: "M",
        States: {
          M: {
            Type: "Map",
            QueryLanguage: "JSONata",
            ItemProcessor: { StartAt: "P", States: { P: pass({ Output: 1 }) } },
            End: true,
          },
        },
      },
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/M/ItemProcessor/States/P",
      ],
    ],
    [
      "a query language of an item processor",
      machine({
        M: {
          Type: "Map",
          ItemProcessor: { QueryLanguage: "JSONata", StartAt: "P", States: { P: pass() } },
          End: true,
        },
      }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/M/ItemProcessor",
      ],
    ],
    [
      "a number below its minimum",
      machine({
        M: {
          Type: "Map",
          MaxConcurrency: -1,
          ToleratedFailurePercentage: 101,
          ItemProcessor: { StartAt: "P", States: { P: pass() } },
          End: true,
        },
      }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/M/MaxConcurrency",
        "SCHEMA_VALIDATION_FAILED: Maximum value is 100.0 at /States/M/ToleratedFailurePercentage",
      ],
    ],
    [
      "two fields of which one is meant",
      machine({ W: { Type: "Wait", Seconds: 1, Timestamp: "2026-01-01T00:00:00Z", End: true } }),
      "STANDARD",
      [
        "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Seconds, Timestamp] at /States/W",
      ],
    ],
    [
      "a name that reads a document which is not there",
      output("phone"),
      "STANDARD",
      [
        "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/E/Output/v",
      ],
    ],
  ])("%s", async (_what, definition, type, expected) => {
    expect(await problems(definition, type)).toEqual(expected);
  });

  test.each([
    ["a[1,2)", 'Expected "]", got ","'],
    ['"unterminated', "String literal must be terminated by a matching quote"],
    ["1 +", "Unexpected end of expression"],
    ['{"a":}', 'The symbol "}" cannot be used as a unary operator'],
    ["$x :=", "Unexpected end of expression"],
    ['$match("a", /abc', "No terminating / in regular expression"],
  ])("the expression %s", async (expression, message) => {
    expect(await problems(output(expression))).toEqual([
      `INVALID_JSONATA_EXPRESSION: ${message} at /States/E/Output/v`,
    ]);
  });

  test("CreateStateMachine puts all of them into one message", async () => {
    const creation = aws.create(machine({ pass1: { Type: "Pass", Next: "pass3" }, pass2: pass() }));

    await expect(creation).rejects.toMatchObject({
      name: "InvalidDefinition",
      message:
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next, MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at /States/pass2'",
    });
  });
});
