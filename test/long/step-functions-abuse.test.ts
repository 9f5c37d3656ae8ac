// What a machine can do to the process it is run in: it gets its error or its result, and the process goes on.
import { StartExecutionCommand, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machine, startTestAws, type TestAws } from "../local/step-functions/support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({ functions: { echo: (payload) => payload } });
});
afterAll(() => aws.close());

const MEGABYTE = 1_048_576;
// The most that any of these may add to the process; README.md of the emulator says what was measured.
const MAX_GROWTH_MB = 600;

/** Runs something and tells by how many megabytes the process was larger meanwhile. */
const growthOf = async (work: () => Promise<void>): Promise<number> => {
  const before = process.memoryUsage.rss();
  let peak = before;
  const clock = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  await work();
  clearInterval(clock);
  return (peak - before) / MEGABYTE;
};

test("expressions that run away, ten at once, fail one and all", async () => {
  const endless = machine({
    E: { Type: "Pass", Output: "{% ($f := function($x){ $f($x + 1) }; $f(1)) %}", End: true },
  });

  const growth = await growthOf(async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => aws.runSync(endless)));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => "FAILED"));
  });

  expect(growth).toBeLessThan(MAX_GROWTH_MB);
});

test.each([
  ["a list of ten million", "$count([1..10000000])"],
  ["a list of lists", "$count([1..3000].([1..3000]))"],
  ["a text without end", "$length($reduce([1..28], function($a, $b){ $a & $a }, 'x'))"],
  [
    "a value that holds itself over and over",
    "$string($reduce([1..60], function($a){ [[$a], [$a]] }, 1))",
  ],
  ["a recursion that never returns", "($f := function($n){ 1 + $f($n) }; $f(1))"],
])("%s fails in its memory", async (_what, expression) => {
  const growth = await growthOf(async () => {
    const answer = await aws.runSync(
      machine({ E: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }),
    );

    expect(answer).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  });

  expect(growth).toBeLessThan(MAX_GROWTH_MB);
});

test("an output of 300 KiB fails, again and again, and leaves nothing behind", async () => {
  const large = machine({
    E: { Type: "Pass", Output: "{% $pad('', 307200, 'x') %}", End: true },
  });
  const stateMachineArn = await aws.create(large, "EXPRESS");

  const growth = await growthOf(async () => {
    for (let round = 0; round < 200; round += 1) {
      const answer = await aws.client.send(new StartSyncExecutionCommand({ stateMachineArn }));
      expect(answer.error).toBe("States.DataLimitExceeded");
    }
  });

  expect(growth).toBeLessThan(MAX_GROWTH_MB);
});

test("a Map over 10,000 items gives 10,000 results", async () => {
  const definition = machine({
    M: {
      Type: "Map",
      Items: "{% [1..10000] %}",
      ItemProcessor: {
        StartAt: "P",
        States: { P: { Type: "Pass", Output: "{% $states.input * 2 %}", End: true } },
      },
      Output: "{% [$count($states.result), $sum($states.result)] %}",
      End: true,
    },
  });

  const growth = await growthOf(async () => {
    const answer = await aws.runSync(definition);

    expect(answer.output).toBe("[10000,100010000]");
  });

  expect(growth).toBeLessThan(MAX_GROWTH_MB);
});

test("1,000 executions at once all end, each with its own result", async () => {
  const definition = machine({
    W: { Type: "Wait", Seconds: 1, Next: "T" },
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "echo", Payload: { n: "{% $states.input %}" } },
      Output: "{% $states.result.Payload.n %}",
      End: true,
    },
  });
  const stateMachineArn = await aws.create(definition);

  const growth = await growthOf(async () => {
    const started = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const { executionArn } = await aws.client.send(
          new StartExecutionCommand({ stateMachineArn, input: String(n) }),
        );
        return executionArn ?? "";
      }),
    );
    const outputs: unknown[] = [];
    for (const arn of started) outputs.push((await aws.ended(arn)).output);

    expect(outputs).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  expect(growth).toBeLessThan(MAX_GROWTH_MB);
});

test("after all of that it still does what it should", async () => {
  const { output } = await aws.run(
    machine({ P: { Type: "Pass", Output: "{% 1 + 1 %}", End: true } }),
  );

  expect(output).toBe(2);
});
