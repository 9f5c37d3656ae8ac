import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  failureOf,
  parseExpression,
} from "#local/step-functions/expressions/jsonata-expression.ts";
import { containing, matching } from "./matchers.ts";
import { machine, startTestAws, type TestAws } from "./support.ts";

const FUNCTIONS =
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis clone now millis partition range hash uuid parse".split(
    " ",
  );

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const evaluate = async (expression: string, input: unknown = {}) => {
  const answer = await aws.runSync(
    machine({ E: { Type: "Pass", Output: { v: `{% ${expression} %}` }, End: true } }),
    input,
  );
  return answer.status === "SUCCEEDED"
    ? (JSON.parse(answer.output ?? "") as { readonly v: unknown }).v
    : `${answer.error}: ${answer.cause}`;
};
const failure = (expression: string, what: string): string =>
  `States.QueryEvaluationError: An error occurred while executing the state 'E' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output/v' ${what}`;

describe("values", () => {
  test.each<[string, unknown, unknown]>([
    // A sequence of one is that one; an array of one is not.
    ["$states.input.items.n", { items: [{ n: 1 }, { n: 2 }] }, [1, 2]],
    ["$states.input.items.n", { items: [{ n: 1 }] }, 1],
    ["$states.input.items.n[]", { items: [{ n: 1 }] }, [1]],
    ["[$states.input.items.n]", { items: [{ n: 1 }] }, [1]],
    ["$states.input.items", { items: [7] }, [7]],
    ["$states.input.items[n > 1]", { items: [{ n: 1 }, { n: 2 }] }, { n: 2 }],
    ["$filter($states.input, function($v) { $v > 1 })", [1, 2], 2],
    ["$map([1], function($v) { $v })", {}, 1],
    ["$range(1, 9, 9)", {}, 1],
    ["$range(0, 6, 2)", {}, [0, 2, 4, 6]],
    ["$range(10, 1, -3)", {}, [10, 7, 4, 1]],
    ["$range(0.9, 3.9, 1.5)", {}, [0, 1, 2, 3]],
    ["$partition([1, 2, 3], 2)", {}, [[1, 2], [3]]],
    ["$partition([0], 5)", {}, [[0]]],
    ["$partition([1, 2, 3], 2.9)", {}, [[1, 2], [3]]],
    // Measured on AWS: what is no integer is rounded towards zero.
    ["$range(-1.7, 2, 1)", {}, [-1, 0, 1, 2]],
    ["$range(-2.9, 0, 1)", {}, [-2, -1, 0]],
    ["$range(5, 1, -1.5)", {}, [5, 4, 3, 2, 1]],
    ["$range(1.7, 5, 1)", {}, [1, 2, 3, 4, 5]],
    ["$range(3, 3, 1)", {}, 3],
    ["$random(0.9) = $random(0)", {}, true],
    ["$partition([1, 2, 3])", {}, [[1, 2, 3]]],
    ["$exists($partition([], 2))", {}, false],
    ["$exists($partition([1, 2, 3], 0))", {}, false],
    ["$exists($partition([1, 2, 3, 4], -0.5))", {}, false],
    ["$exists($range(1, 5, 0))", {}, false],
    ["$exists($range(1, 5))", {}, false],
    ["$exists($hash('a'))", {}, false],
    ["$exists($parse('null'))", {}, true],
    ["$exists($parse())", {}, false],
    ["$map(['{\"a\":1}', '{\"a\":2}'], $parse).a", {}, [1, 2]],
    [`$parse('{"a:b":"c:d","e":{"a:b":":"}}')`, {}, { "a:b": "c:d", e: { "a:b": ":" } }],
    ["$string(999999999999999868928)", {}, "999999999999999900000"],
    ["$string(1e19)", {}, "10000000000000000000"],
    ["$string(-1.5e20)", {}, "-150000000000000000000"],
    ["$string(1e21)", {}, "1e+21"],
    ["$string(1e-6)", {}, "0.000001"],
    ["$string(1/3)", {}, "0.333333333333333"],
    [
      "$string({'n': 999999999999999868928, 'x': 1/3})",
      {},
      '{"n":999999999999999900000,"x":0.333333333333333}',
    ],
    ["$string({'a': 1}, true)", {}, '{\n  "a": 1\n}'],
    ["$map([1e20, 1e21], $string)", {}, ["100000000000000000000", "1e+21"]],
    ["$string($sum)", {}, ""],
    ["'' & 999999999999999868928 & 1e21 & 1/3", {}, "9999999999999999000001e+210.333333333333333"],
    ["'a' & $states.input.missing & null & [1] & $sum", {}, "anull[1]"],
    ["($f := function($x) { $x & '-' & $x }; $map(['a', 'b'], $f))", {}, ["a-a", "b-b"]],
    ["$string($parse('9223372036854775807'))", {}, "9223372036854775807"],
    [`$string($parse('{"n":9223372036854775808}').n)`, {}, "9223372036854776000"],
    ["$parse('9223372036854775808') & ''", {}, "9223372036854776000"],
    ["$parseInteger('abc', '0')", {}, "NaN"],
    ["1e308 * 10", {}, "Infinity"],
    ["[1/0]", {}, ["Infinity"]],
    ["0/0", {}, "NaN"],
    ["$count($range(-9223372036854775808, 9223372036854775807, 9223372036854775807))", {}, 3],
    ["$random(7)", {}, 0.7306990420600421],
    ["$hash('ñ', 'MD5')", {}, "94e9342ecbb1458b6043ecd3bfcbc192"],
    // What is undefined inside an object or a list is left out.
    ["{'a': 1, 'b': $states.input.missing}", {}, { a: 1 }],
    ["[1, $states.input.missing, 3]", {}, [1, 3]],
    ["$states.input.x", { x: null }, null],
    ["$count(null)", {}, 1],
    ["[]", {}, []],
    ["$parse('-0')", {}, 0],
    ["1/0", {}, "Infinity"],
    ["{'k': -1/0}", {}, { k: "-Infinity" }],
    // Measured on AWS.
    ["$random(42)", {}, 0.7275636800328681],
    ["$hash('input', 'SHA-1')", {}, "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"],
    ["$hash('', 'MD5')", {}, "d41d8cd98f00b204e9800998ecf8427e"],
    ['$parse("{\\"a\\":1}").a', {}, 1],
    ["$length($uuid())", {}, 36],
    ["$pad('ab', 5, 'xy')", {}, "abxyx"],
    ["$pad('ab', -5, 'xy')", {}, "xyxab"],
    ["$states.input.a.b.c", { a: [{ b: { c: 1 } }, { b: [{ c: 2 }, { c: 3 }] }] }, [1, 2, 3]],
    ["$merge([$states.input, {'b': 2}])", { a: 1 }, { a: 1, b: 2 }],
    ["$states.input.__proto__x", { __proto__x: 1 }, 1],
    ["$sum([1..1000])", {}, 500_500],
    ["($a := [1]; $append($a, $states.input))", [2], [1, 2]],
  ])("%s of %j is %j", async (expression, input, expected) => {
    expect(await evaluate(expression, input)).toEqual(expected);
  });

  test("a function is applied to many items, each giving an object of many members", async () => {
    const items = Array.from({ length: 2000 }, (_, n) => ({ n }));

    const counted = await evaluate(
      "$count($map($states.input, function($v) { {'a': $v.n, 'b': [$v.n, $v.n], 'c': $string($v.n)} }))",
      items,
    );
    const grouped = await evaluate("$count($keys($states.input{$string(n): $sum(n)}))", items);

    expect(counted).toBe(2000);
    expect(grouped).toBe(2000);
  });

  test("the hash algorithms give the lengths they should", async () => {
    const lengths = await evaluate(
      "['MD5','SHA-1','SHA-256','SHA-384','SHA-512'].$length($hash('x', $))",
    );

    expect(lengths).toEqual([32, 40, 64, 96, 128]);
  });

  test("a name like __proto__ is a name like any other", async () => {
    const { output } = await aws.runSync(
      machine({ E: { Type: "Pass", Output: "{% {'o': $states.input} %}", End: true } }),
      JSON.parse('{"__proto__":{"polluted":1}}'),
    );

    expect(output).toBe('{"o":{"__proto__":{"polluted":1}}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("two evaluations of one expression at once do not meet", async () => {
    const { output } = await aws.run(
      machine({
        M: {
          Type: "Map",
          ItemProcessor: {
            StartAt: "P",
            States: {
              P: {
                Type: "Pass",
                Output: "{% $reduce([1..50], function($a, $b) { $a + $states.input }, 0) %}",
                End: true,
              },
            },
          },
          End: true,
        },
      }),
      [1, 2, 3, 4, 5],
    );

    expect(output).toEqual([50, 100, 150, 200, 250]);
  });
});

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const D3085 =
  "threw an error during evaluation. D3085: The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'";
const D3086 =
  "threw an error during evaluation. D3086: The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character";

describe("what JSONata's engine trips over", () => {
  // Measured on AWS: $formatNumber(1,'x') is D3086. The others follow from the rule that it breaks.
  test.each([
    ["$formatNumber(1,'x')", D3086],
    ["$formatNumber(-1,'x')", D3086],
    ["$formatNumber(1,'0;x')", D3086],
    ["$formatNumber(1,'x;0')", D3086],
    ["$formatNumber(1,'%')", D3086],
    ["1 ~> $formatNumber('x')", D3086],
    ["$map([1], function($v) { $formatNumber($v, 'x') })", D3086],
    [
      "$formatNumber(1,'0','x')",
      'threw an error during evaluation. T0410: Argument 3 of function "formatNumber" does not match function signature',
    ],
    ["$formatNumber(1,'')", D3085],
    ["$formatNumber(1,'0;')", D3085],
    [
      "$formatNumber(1,'e')",
      "threw an error during evaluation. D3093: The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
    ],
    [
      "$formatNumber(1,'0.0.0;x')",
      "threw an error during evaluation. D3081: The sub-picture must not contain more than one instance of the 'decimal-separator' character",
    ],
    [
      "$formatNumber(1,';;')",
      "threw an error during evaluation. D3080: The picture string must only contain a maximum of two sub-pictures",
    ],
  ])("%s has the code that it has on AWS", async (expression, what) => {
    expect(await evaluate(expression)).toBe(failure(expression, what));
  });

  test.each([
    ["$formatNumber(1234.5, '#,##0.00')", "1,234.50"],
    ["$formatNumber(-5, '0;(0)')", "(5)"],
    ["$formatNumber(5, '0.0e0')", "5.0e0"],
    ["$formatNumber(5, '.0e0')", ".5e1"],
    ["$formatNumber(12, '٠', {'zero-digit': '٠'})", "١٢"],
    ["$formatNumber(1.5, '0_0', {'decimal-separator': '_'})", "1_5"],
    ["$formatInteger(12, 'w')", "twelve"],
    ["[1, 2].$formatInteger('A')", ["A", "B"]],
    ["$base64encode('myuser:mypass')", "bXl1c2VyOm15cGFzcw=="],
    ["$base64encode('ÿ')", "/w=="],
    ["$base64encode('')", ""],
    ["$base64decode('bXl1c2VyOm15cGFzcw==')", "myuser:mypass"],
    ["$base64decode('/w==')", "ÿ"],
    ["$base64decode('YWI')", "ab"],
    ["$base64decode('YQ')", "a"],
    ["$base64decode('')", ""],
    ["['YQ==', 'Yg=='].$base64decode()", ["a", "b"]],
  ])("%s is %j as ever", async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  // Measured on AWS for $base64decode('!!!'): an internal error, with a number of its own each time.
  test.each([
    "$base64decode('!!!')",
    "$base64decode('a')",
    "$base64decode('YQ=')",
    "$base64decode('YQ==YQ==')",
    "$base64decode('YQ ==')",
    "$base64decode('_-__')",
    "$base64decode('ÿÿÿÿ')",
    "$contains('x', $states.input.missing)",
    "$split('x', $states.input.missing)",
    "$replace('x', $states.input.missing, 'y')",
    "$sift({'a': 1})",
    "$formatBase(1, 0/0)",
    "$formatNumber(1, '0', {'zero-digit': 5})",
    `$formatNumber(1, '0.${"0".repeat(101)}')`,
  ])("%s is an internal error, without a word of JavaScript", async (expression) => {
    const answer = await evaluate(expression);
    const prefix = failure(expression, "threw an internal error during evaluation. ");

    expect(String(answer).slice(0, prefix.length)).toBe(prefix);
    expect(String(answer).slice(prefix.length)).toMatch(new RegExp(`^${UUID}$`));
  });

  // Every function with odd arguments, by itself: nothing that any of them throws is a word of the engine.
  test("no function with whatever arguments tells what its engine threw", async () => {
    const odd = [
      "nothing",
      "null",
      "-1",
      "1.5",
      "0/0",
      "'x'",
      "''",
      "[]",
      "['a', 'b']",
      "{'a': 1}",
    ];
    const told = new Set<string>();
    for (const name of FUNCTIONS) {
      const lists = odd.flatMap((a) => [
        a,
        ...odd.flatMap((b) => [`${a}, ${b}`, `${a}, ${b}, 'y'`]),
      ]);
      for (const list of ["", ...lists]) {
        try {
          await parseExpression(`$${name}(${list})`).run({}, 20_000);
        } catch (error) {
          const failure = failureOf(error);
          if (failure.outcome === "error") told.add(`${failure.code}: ${failure.message}`);
        }
      }
    }

    expect(told.size).toBeGreaterThan(50);
    expect([...told].filter((text) => !/^[A-Z]\d{4}: ./.test(text))).toEqual([]);
    expect([...told].filter((text) => /Error|Cannot read|is not a |\(reading/.test(text))).toEqual(
      [],
    );
  });

  test("text beyond U+00FF is not cut to bytes, but refused by name", async () => {
    expect(await evaluate("$base64encode('5 €')")).toBe(
      failure(
        "$base64encode('5 €')",
        'threw an error during evaluation. D3000: NotEmulated: $base64encode of "€". JSONata encodes characters up to U+00FF only, and what AWS answers is not known.',
      ),
    );
  });

  test("a hash algorithm is looked for among the five only", async () => {
    expect(await evaluate("$hash('x', 'constructor')")).toContain(
      "D3137: Hash algorithm 'constructor' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5",
    );
  });

  test.each([
    "$formatNumber(0,'0e0')",
    "$formatNumber(-1,'0e0')",
    "$formatNumber(1/0,'0e0')",
    "$formatInteger(1/0,'A')",
  ])("%s, which never ends, is ended after a second and holds up nobody", async (expression) => {
    const endless = evaluate(expression);
    const meanwhile = await evaluate("1 + 1");
    const answer = await endless;

    expect(meanwhile).toBe(2);
    expect(answer).toBe(
      failure(
        expression,
        "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop",
      ),
    );
  });
});

describe("failures, in AWS's words", () => {
  test.each([
    ["$states.input.missing", "returned nothing (undefined)."],
    ["$range(5, 1, 1)", "returned nothing (undefined)."],
    ["$fn := function($x){$x}", "returned an unsupported result type."],
    ["{'f': $sum}", "returned an unsupported result type."],
    [
      "$sum('a')",
      'threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"',
    ],
    ["$eval('1+1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function"],
    ["$error('my own')", "threw an error during evaluation. D3137: my own"],
    [
      "1 + 'a'",
      'threw an error during evaluation. T2002: The right side of the "+" operator must evaluate to a number',
    ],
    [
      "[1..900000] ~> $count()",
      "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
    ],
    [
      "($f := function($n){ 1 + $f($n) }; $f(1))",
      "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
    ],
  ])("%s", async (expression, what) => {
    expect(await evaluate(expression)).toBe(failure(expression, what));
  });

  // Measured on AWS: $parse takes what is JSON, and no more.
  test.each([
    "''",
    "'  '",
    "'not valid json'",
    `'{"a":1}{"b":2}'`,
    "'[1,2] [3,4]'",
    `'{"a":1,"a":2}'`,
    `'[{"b":{"a":1,"c":[],"\\u0061":":"}}]'`,
    "'1e400'",
  ])("$parse(%s) is invalid JSON", async (text) => {
    expect(await evaluate(`$parse(${text})`)).toBe(
      failure(`$parse(${text})`, "threw an error during evaluation. D3137: Invalid JSON"),
    );
  });

  // Measured on AWS, as far as the code goes.
  test.each([
    ["$parse(null)", 'T0410: Argument 1 of function "parse" does not match function signature'],
    ["$parse('{}', 'x')", 'T0410: Argument 2 of function "parse"'],
    ["$partition([1,2,3], -1)", "D3137: Second argument must be zero or greater"],
    ["$partition(null, 2)", "T0412: "],
    ["$partition([1,2,3], 2, 'x')", 'T0410: Argument 3 of function "partition"'],
    ["$range(1)", "T0410: "],
    ["$range(1, 5, 1, 'x')", 'T0410: Argument 4 of function "range"'],
    ["$hash('Hello', 'md5')", "D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384"],
    ["$hash('a', 5)", "T0410: "],
    ["$hash(42, 'MD5')", "T0410: "],
    ["$random(1, 2)", "T0410: "],
    ["$uuid('seed')", "T0410: "],
  ])("%s is refused", async (expression, text) => {
    expect(await evaluate(expression)).toContain(`threw an error during evaluation. ${text}`);
  });

  test.each(["$count($range(1,360146,1))", "$range(1, 1000000000, 1)"])(
    "%s meets the limit of memory",
    async (expression) => {
      expect(await evaluate(expression)).toBe(
        failure(
          expression,
          "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
      );
    },
  );

  test("a range of 360,145 does not", async () => {
    expect(await evaluate("$count($range(1,360145,1))")).toBe(360_145);
  });

  test.each([
    ["Output", { Output: ["{% $nothing %}"] }, "Output[0]"],
    ["deep in Output", { Output: { a: [{ b: "{% $nothing %}" }] } }, "Output/a[0]/b"],
    ["Assign", { Assign: { x: { y: "{% $nothing %}" } } }, "Assign/x/y"],
  ])("the field is told: %s", async (_where, fields, location) => {
    const { events, description } = await aws.run(
      machine({ P: { Type: "Pass", End: true, ...fields } }),
    );

    expect(description.cause).toContain(`specified for the field '${location}' returned nothing`);
    expect(events[2]?.evaluationFailedEventDetails).toEqual({
      error: "States.QueryEvaluationError",
      cause: description.cause,
      location,
      state: "P",
    });
  });

  test("a condition that is no boolean fails the Choice", async () => {
    const { description } = await aws.run(
      machine({
        C: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "P" }] },
        P: { Type: "Pass", End: true },
      }),
    );

    expect(description).toMatchObject({
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'C' (entered at the event id #2). The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
    });
  });

  test("a Choice without a matching rule and without Default fails", async () => {
    const { description } = await aws.run(
      machine({
        C: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "P" }] },
        P: { Type: "Pass", End: true },
      }),
    );

    expect(description).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
  });

  test("a Fail whose Cause is no text fails otherwise", async () => {
    const { description } = await aws.run(
      machine({ F: { Type: "Fail", Error: "Mine", Cause: "{% {'a': 1} %}" } }),
    );

    expect(description).toMatchObject({
      error: "States.QueryEvaluationError",
      cause: containing("Expected 'string', but was 'object' for value: {\"a\":1}"),
    });
  });
});

describe("the context object", () => {
  test("tells the execution, the machine and the state", async () => {
    const { output, description } = await aws.run(
      machine({ S: { Type: "Pass", Output: "{% $states.context %}", End: true } }),
      { in: 1 },
    );

    expect(output).toEqual({
      Execution: {
        Id: description.executionArn,
        Input: { in: 1 },
        Name: description.name,
        RoleArn: "arn:aws:iam::000000000000:role/Machine",
        StartTime: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        RedriveCount: 0,
      },
      StateMachine: {
        Id: description.stateMachineArn,
        Name: description.stateMachineArn?.split(":").at(-1),
      },
      State: {
        Name: "S",
        EnteredTime: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
  });
});
