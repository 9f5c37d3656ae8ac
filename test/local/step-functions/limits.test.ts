import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containing } from "./matchers.ts";
import { machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

describe("an expression that runs away is stopped after a second, and holds up nobody", () => {
  test.each([
    [
      "an endless loop",
      "($f := function($x){ $f($x + 1) }; $f(1))",
      "Expression evaluation timeout",
    ],
    [
      "loops in loops",
      "$map([1..100000], function($v){ $map([1..100000], function($w){ $v * $w }) })",
      "Expression evaluation timeout",
    ],
    [
      "a regular expression",
      "$contains($states.input.s, /(a|aa)+$/)",
      "Expression evaluation timeout",
    ],
    [
      "a text that doubles",
      "$length($reduce([1..40], function($a, $b){ $a & $a }, 'x'))",
      "Expression evaluation",
    ],
    [
      "a list that doubles",
      "$count($string($reduce([1..40], function($a, $b){ [[$a], [$a]] }, 1)))",
      "Expression evaluation",
    ],
  ])("%s", async (_what, expression, text) => {
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 10);

    const answer = await aws.runSync(
      machine({ E: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }),
      { s: `${"a".repeat(60)}!` },
    );

    clearInterval(clock);
    expect(answer).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause: containing(text),
    });
    // Had the main thread been held up for the second, the clock would hardly have ticked.
    if (text.endsWith("timeout")) expect(turns).toBeGreaterThan(10);
  });

  test("others go on meanwhile, heavy ones too", async () => {
    const endless = aws.runSync(
      machine({ E: { Type: "Pass", Output: "{% ($f := function(){ $f() }; $f()) %}", End: true } }),
    );
    const heavy = aws.runSync(
      machine({ E: { Type: "Pass", Output: "{% $sum([1..10000].($ * 2)) %}", End: true } }),
    );
    const light = aws.runSync(machine({ E: { Type: "Pass", Output: "{% 1 + 1 %}", End: true } }));

    const first = await Promise.race([
      endless.then(() => "endless"),
      Promise.all([heavy, light]).then(() => "the others"),
    ]);

    expect(first).toBe("the others");
    expect((await heavy).output).toBe("100010000");
    expect((await endless).status).toBe("FAILED");
  });

  test("an expression of the second thread knows the added functions and the variables", async () => {
    const { output } = await aws.runSync(
      machine({
        A: { Type: "Pass", Assign: { many: "{% 10000 %}" }, Next: "E" },
        E: {
          Type: "Pass",
          Output: "{% $count($partition([1..$many].($ * 2), 1000)) & $states.context.State.Name %}",
          End: true,
        },
      }),
    );

    expect(output).toBe('"10E"');
  });
});

describe("payloads of 256 KiB", () => {
  const pad = (length: number): string => `{% $pad('', ${length}, 'x') %}`;

  test("an output of exactly that size is taken, one byte more is not", async () => {
    const of = (length: number) => machine({ E: { Type: "Pass", Output: pad(length), End: true } });

    const fits = await aws.runSync(of(262_142));
    const tooMuch = await aws.runSync(of(262_143));

    expect(fits.status).toBe("SUCCEEDED");
    expect(tooMuch).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'E' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  test("bytes count, not characters", async () => {
    const answer = await aws.runSync(
      machine({ E: { Type: "Pass", Output: "{% $pad('', 100000, '€') %}", End: true } }),
    );

    expect(answer.error).toBe("States.DataLimitExceeded");
  });

  test("a Map whose results are too much together fails", async () => {
    const definition = machine({
      M: {
        Type: "Map",
        Items: [1, 2, 3],
        ItemProcessor: {
          StartAt: "P",
          States: { P: { Type: "Pass", Output: pad(100_000), End: true } },
        },
        End: true,
      },
    });

    const answer = await aws.runSync(definition);

    expect(answer).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause: containing("The state/task 'M' returned a result"),
    });
  });
});

test("a Standard execution ends with its 25,000th event", async () => {
  const { description, events } = await aws.run(
    machine({
      Loop: {
        Type: "Choice",
        Choices: [{ Condition: "{% true %}", Next: "Loop" }],
        Default: "End",
      },
      End: { Type: "Succeed" },
    }),
    { spin: true },
  );

  expect(description).toMatchObject({
    status: "FAILED",
    error: "States.Runtime",
    cause: "The execution reached the maximum number of history events (25000).",
  });
  expect(events).toHaveLength(25_000);
  expect(events.slice(-2).map(({ id, type }) => [id, type])).toEqual([
    [24_999, "ChoiceStateExited"],
    [25_000, "ExecutionFailed"],
  ]);
});

test("an Express execution has no such limit", async () => {
  const answer = await aws.runSync(
    machine({
      Count: {
        Type: "Pass",
        Assign: { n: "{% $exists($n) ? $n + 1 : 1 %}" },
        Next: "Loop",
      },
      Loop: {
        Type: "Choice",
        Choices: [{ Condition: "{% $n < 8000 %}", Next: "Count" }],
        Default: "End",
      },
      End: { Type: "Succeed", Output: "{% $n %}" },
    }),
  );

  expect(answer).toMatchObject({ status: "SUCCEEDED", output: "8000" });
});
