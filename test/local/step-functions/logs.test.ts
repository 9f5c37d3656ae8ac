import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { StartExecutionCommand, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { matching } from "./matchers.ts";
import { machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({ functions: { echo: (payload) => payload } });
});
afterAll(() => aws.close());

const FAILING = machine({
  Say: { Type: "Pass", Output: { said: "{% $states.input.word %}" }, Next: "M" },
  M: {
    Type: "Map",
    Items: [1],
    ItemProcessor: { StartAt: "F", States: { F: { Type: "Fail", Error: "Bad", Cause: "why" } } },
    End: true,
  },
});

interface Line {
  readonly id: string;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly execution_arn: string;
}

/** Runs a machine that logs, and reads what it logged once its end is there. */
const logged = async (
  definition: Parameters<typeof machine>[0],
  log: Parameters<TestAws["create"]>[2],
): Promise<readonly Line[]> => {
  const stateMachineArn = await aws.create(definition, "EXPRESS", log);
  await aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn, name: "one", input: '{"word":"hi"}' }),
  );
  const file = join(aws.directory, `test-${stateMachineArn.split(":").at(-1)}.log`);
  const lines = (): readonly Line[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
  await expect.poll(() => lines().at(-1)?.type).toMatch(/^Execution(Failed|Succeeded)$/);
  return lines();
};
const types = (lines: readonly Line[]): readonly string[] => lines.map(({ type }) => type);

describe("levels", () => {
  test("ALL writes every event in CloudWatch's shape", async () => {
    const lines = await logged(FAILING, { level: "ALL", includeExecutionData: true });

    expect(types(lines)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "MapStateEntered",
      "MapStateStarted",
      "MapIterationStarted",
      "FailStateEntered",
      "MapIterationFailed",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
    expect(lines[2]).toEqual({
      id: "3",
      type: "PassStateExited",
      details: {
        name: "Say",
        output: '{"said":"hi"}',
        outputDetails: { truncated: false },
      },
      previous_event_id: "2",
      event_timestamp: matching(/^\d{13}$/),
      execution_arn: matching(
        /^arn:aws:states:us-east-1:000000000000:express:machine-\d+:one:[0-9a-f-]{36}$/,
      ),
      redrive_count: "0",
    });
  });

  test("ERROR writes what went wrong", async () => {
    const lines = await logged(FAILING, { level: "ERROR", includeExecutionData: true });

    expect(types(lines)).toEqual([
      "FailStateEntered",
      "MapIterationFailed",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  test("FATAL writes how it ended", async () => {
    const lines = await logged(FAILING, { level: "FATAL", includeExecutionData: true });

    expect(types(lines)).toEqual(["ExecutionFailed"]);
    expect(lines[0]?.details).toEqual({ error: "Bad", cause: "why" });
  });

  test("without execution data names are left", async () => {
    const lines = await logged(FAILING, { level: "ALL", includeExecutionData: false });

    expect(lines[0]?.details).toEqual({ roleArn: "arn:aws:iam::000000000000:role/Machine" });
    expect(lines[2]?.details).toEqual({ name: "Say" });
  });
});

describe("npm run logs", () => {
  const command = fileURLToPath(new URL("../../../scripts/logs.ts", import.meta.url));
  const run = async (...args: readonly string[]) => {
    const folder = join(aws.directory, "home");
    mkdirSync(folder, { recursive: true });
    // The house keeps its logs in the folder `logs` below its own.
    await Promise.resolve().then(() => {
      try {
        symlinkSync(aws.directory, join(folder, "logs"));
      } catch {
        // It is there from the test before.
      }
    });
    return promisify(execFile)(process.execPath, [command, "--data", folder, ...args]);
  };

  test("shows each execution with its events, the newest last, for the eye", async () => {
    writeFileSync(join(aws.directory, "some-function.log"), "START RequestId: 1\nhello\n");
    const stateMachineArn = await aws.create(
      machine({ Say: { Type: "Pass", Output: { said: "{% $states.input.word %}" }, End: true } }),
      "EXPRESS",
      { level: "ALL", includeExecutionData: true },
    );
    const name = stateMachineArn.split(":").at(-1) ?? "";
    for (const execution of ["first", "second"]) {
      await aws.client.send(
        new StartExecutionCommand({ stateMachineArn, name: execution, input: '{"word":"hi"}' }),
      );
    }
    const file = join(aws.directory, `test-${name}.log`);
    await expect
      .poll(() => readFileSync(file, "utf8").match(/ExecutionSucceeded/g)?.length)
      .toBe(2);

    const { stdout } = await run(name);

    const lines = stdout.split("\n").filter((line) => line !== "");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  ${name}  first  succeeded after \\d\\.\\d\\d s$`,
      ),
    );
    expect(lines[3]).toMatch(
      /^ {2}\d\d:\d\d:\d\d\.\d{3} {5}3 {2}PassStateExited {9}Say {2}output \{"said":"hi"\}$/,
    );
    expect(lines[5]).toContain("  second  succeeded");
  });

  // REQ: logs-bounded
  test("gives the lines as they are with --json, of one execution by its name, from all pieces of the log", async () => {
    const log = readdirSync(aws.directory)
      .map((name) => join(aws.directory, name))
      .find((file) => file.endsWith(".log") && readFileSync(file, "utf8").includes(":second:"));
    const logged = readFileSync(log ?? "", "utf8");
    const middle = logged.lastIndexOf('{"id":"3"');
    writeFileSync(`${log}.1`, logged.slice(0, middle));
    writeFileSync(log ?? "", logged.slice(middle));

    const { stdout } = await run("second", "--json");

    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect(types(events)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
  });

  test("shows the last so many", async () => {
    const { stdout } = await run("--last", "1");

    expect(stdout.match(/ {2}(succeeded|failed)/g)).toHaveLength(1);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      "a name that is not there",
      ["nobody"],
      /^Nothing called "nobody" is logged\. State machines: machine-/,
    ],
    ["a number that is none", ["--last", "x"], /^--last must be a whole number, not "x"\.$/m],
  ])("tells %s in one line", async (_what, args, text) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 2, stderr: matching(text) });
  });
});
