import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expressionSource } from "#local/step-functions/compile/compile-template.ts";
import { depthOf } from "#local/step-functions/expressions/evaluation-limits.ts";
import { parseExpression } from "#local/step-functions/expressions/jsonata-expression.ts";
import { machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const evaluate = async (expression: string, input: unknown = {}): Promise<unknown> => {
  const answer = await aws.runSync(
    machine({ E: { Type: "Pass", Output: { v: `{% ${expression} %}` }, End: true } }),
    input,
  );
  return answer.status === "SUCCEEDED"
    ? (JSON.parse(answer.output ?? "") as { readonly v: unknown }).v
    : `${answer.error}: ${answer.cause}`;
};
const nested = (open: string, count: number, close: string): string =>
  `${open.repeat(count)}1${close.repeat(count)}`;
const adding = "$f:=function($x){$x<=0?0:1+$f($x-1)}";

// Measured on AWS, as floci's JsonataEvaluatorTest says.
// REQ: interpreter-as-recorded
describe("how deep an evaluation may be", () => {
  test.each<[string, string, unknown]>([
    ["100 terms", `1${"+1".repeat(99)}`, 100],
    ["99 parentheses", nested("(", 99, ")"), 1],
    ["99 calls in a chain", `1${"~>$string".repeat(99)}`, "1"],
    ["31 calls in each other", `(${adding};$f(31))`, 31],
  ])("%s are taken", async (_what, expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  test("99 brackets are taken", async () => {
    expect(JSON.stringify(await evaluate(nested("[", 99, "]")))).toBe(nested("[", 99, "]"));
  });

  test.each([
    ["101 terms", `1${"+1".repeat(100)}`],
    ["100 parentheses", nested("(", 100, ")")],
    ["100 brackets", nested("[", 100, "]")],
    ["100 calls in a chain", `1${"~>$string".repeat(100)}`],
    ["32 calls in each other", `(${adding};$f(32))`],
  ])("%s are not", async (_what, expression) => {
    expect(await evaluate(expression)).toBe(
      `States.QueryEvaluationError: An error occurred while executing the state 'E' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output/v' threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive`,
    );
  });
});

test("texts are put together as deep as numbers are added", async () => {
  expect(await evaluate(`'1'${"&'1'".repeat(99)}`)).toBe("1".repeat(100));
  expect(await evaluate(`'1'${"&'1'".repeat(100)}`)).toContain("Stack overflow error");
});

describe("what is not in each other does not add up", () => {
  test.each<[string, string, unknown]>([
    ["what is not evaluated", `true ? 1 : ${nested("(", 150, ")")}`, 1],
    ["calls in a tail", "($f:=function($n,$s){$n=0?$s:$f($n-1,$s+1)};$f(500,0))", 500],
    ["calls one after the other", `(${adding};$sum([1..120].$f(1)))`, 120],
    ["members of a list", `(${adding};[${Array(40).fill("$f(9)").join(",")}] ~> $count)`, 40],
    [
      "members of an object in lists in calls",
      "($g:=function($n){$n=0?{'a':[1,2],'b':{'c':[3,{'d':4}]}}:{'l':[$n,$g($n-1)],'r':$n}};$g(14).l[1].l[0])",
      13,
    ],
    [
      "groups",
      `(${adding};$count($keys($map([1..120],function($n){{'n':$n}}){$string(n): $f(2)})))`,
      120,
    ],
  ])("%s", async (_what, expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  test("one member that is too deep is refused among others that are not", async () => {
    expect(await evaluate(`(${adding};[$f(1),{'a':$f(1),'b':[$f(31)]},$f(1)])`)).toContain(
      "Stack overflow error",
    );
  });
});

test("the deepest expression of our own machines leaves half of the depth free", () => {
  const directory = new URL("../../../workflows/", import.meta.url);
  const texts = readdirSync(directory)
    .filter((name) => name.endsWith(".asl.json"))
    .flatMap((name) => [
      ...readFileSync(new URL(name, directory), "utf8").matchAll(/"(?:[^"\\]|\\.)*"/g),
    ])
    .map(([quoted]) => expressionSource(JSON.parse(quoted) as string))
    .filter((source) => source !== undefined);

  const deepest = Math.max(...texts.map((source) => depthOf(parseExpression(source).ast)));

  expect(texts.length).toBeGreaterThan(10);
  expect(deepest).toBeLessThanOrEqual(50);
});
