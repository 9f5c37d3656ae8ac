// AWS keeps integers exactly up to 2^63 - 1 and writes what is beyond as Java does. The client of these tests reads text.
import { StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exactly } from "#local/step-functions/values/exact-number.ts";
import { type Definition, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
const payloads: string[] = [];
beforeAll(async () => {
  aws = await startTestAws({
    functions: {
      big: (_payload, request) => {
        payloads.push(request.body.toString("utf8"));
        return { id: exactly("9007199254740993") };
      },
    },
  });
});
afterAll(() => aws.close());

const run = async (states: Definition, input: string) => {
  const stateMachineArn = await aws.create(machine(states), "EXPRESS");
  return aws.client.send(new StartSyncExecutionCommand({ stateMachineArn, input }));
};
const output = async (states: Definition, input: string): Promise<string | undefined> => {
  const answer = await run(states, input);
  return answer.output ?? answer.cause;
};
const pass = (fields: Definition = {}): Definition => ({
  P: { Type: "Pass", End: true, ...fields },
});
const evaluated = (expression: string, input: string): Promise<string | undefined> =>
  output(pass({ Output: `{% ${expression} %}` }), input);

describe("an integer keeps its digits", () => {
  test.each([
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["9223372036854775808", "9.223372036854776E18"],
    ["123456789012345678901234567890", "1.2345678901234568E29"],
    ["-1e19", "-1.0E19"],
    ["1.0", "1"],
    ["1e2", "100"],
    ["1.5", "1.5"],
  ])("%s comes out as %s", async (given, expected) => {
    const input = `{"id":${given}}`;

    expect(await output(pass(), input)).toBe(`{"id":${expected}}`);
    expect(await evaluated("$states.input.id", input)).toBe(expected);
    expect(await evaluated("{'a': [$states.input.id]}", input)).toBe(`{"a":[${expected}]}`);
    expect(await evaluated(`$parse('${given}')`, "{}")).toBe(expected);
  });

  test("through a variable, a Map and a written constant", async () => {
    const own = exactly("9007199254740995");
    const states = {
      A: { Type: "Pass", Assign: { kept: "{% $states.input.ids[1] %}" }, Next: "M" },
      M: {
        Type: "Map",
        Items: "{% $states.input.ids %}",
        ItemSelector: { id: "{% $states.context.Map.Item.Value %}" },
        ItemProcessor: { StartAt: "P", States: pass({ Output: "{% $states.input.id %}" }) },
        Output: { kept: "{% $kept %}", all: "{% $states.result %}", own },
        End: true,
      },
    };

    const text = await output(states, '{"ids":[9007199254740993,9223372036854775807]}');

    expect(text).toBe(
      '{"kept":9223372036854775807,"all":[9007199254740993,9223372036854775807],"own":9007199254740995}',
    );
  });

  test("to a function and back", async () => {
    const call = {
      T: {
        Type: "Task",
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:big",
        Output: "{% $states.result.id %}",
        End: true,
      },
    };

    expect(await output(call, '{"n":9223372036854775807}')).toBe("9007199254740993");
    expect(payloads.at(-1)).toBe('{"n":9223372036854775807}');
  });

  test("in a text, in the event history and in a comparison", async () => {
    const input = '{"a":9007199254740993,"b":9007199254740992,"c":9007199254740993}';

    expect(await evaluated("$string($states.input.a) & ' ' & $states.input.b", input)).toBe(
      '"9007199254740993 9007199254740992"',
    );
    expect(
      await evaluated(
        "[$states.input.a = $states.input.c, $states.input.a = $states.input.b]",
        input,
      ),
    ).toBe("[true,false]");
    const { events } = await aws.run(machine(pass()), { a: exactly("9007199254740993") });
    expect(events[0]?.executionStartedEventDetails?.input).toBe('{"a":9007199254740993}');
  });
});

describe("where it is calculated with", () => {
  test.each([
    ["$states.input.id > 5", "true"],
    ["$type($states.input.id)", '"number"'],
    ["$exists($states.input.id) and $states.input.id ? 1 : 2", "1"],
    ["$states.input.id - $states.input.id", "0"],
    ["$states.input.id = 9007199254740993", "true"],
    ["$count([1..20000].($ * 2)) + $count($states.input.id)", "20001"],
    ["$states.input.large * 2", "1.8446744073709552E19"],
  ])("%s is %s", async (expression, expected) => {
    expect(await evaluated(expression, '{"id":9007199254740993,"large":9223372036854775808}')).toBe(
      expected,
    );
  });

  test.each([
    "$states.input.id + 1",
    "{'id': $states.input.id, 'next': $states.input.id - 1}",
    "$parse('9007199254740993') + 1",
    "[[1..20000].($ * 2), $states.input.id][-1]",
  ])("%s would lose digits, and is refused by name", async (expression) => {
    expect(await evaluated(expression, '{"id":9007199254740993}')).toContain(
      "D3000: NotEmulated: an expression that calculates with an integer beyond 2^53 and gives one",
    );
  });
});

test("a number that no double holds is no input", async () => {
  await expect(run(pass(), '{"n":1e400}')).rejects.toMatchObject({
    name: "InvalidExecutionInput",
  });
});

test("the limit of 256 KiB counts an integer's digits", async () => {
  const many = Array(13_000).fill("9007199254740993").join(",");

  expect((await run(pass({ Output: "{% [$states.input, 1] %}" }), `[${many}]`)).status).toBe(
    "SUCCEEDED",
  );
});
