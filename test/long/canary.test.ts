import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "#aws/synthesize.ts";
import { parseJsonObject } from "#domain/json.ts";
import { writeConsole } from "../../scripts/console/built-console.ts";
import { DEMO_HOME_FILE, type RunningHome, startHome } from "../../scripts/start/start-home.ts";
import { runScript } from "../support/command.ts";

const CANARY_HOME_FILE = "infra/house/canary-home.json";

let data: string;
let house: RunningHome;
let client: LambdaClient;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "canary-"));
  const assembly = join(data, "cdk.out");
  synthesize(assembly, { canary: true, workflowLog: "everything" }, { validate: false });
  await writeConsole(assembly);
  house = await startHome({
    assembly: async () => assembly,
    data: join(data, "house"),
    ports: { gateway: 0, cognito: 0, aws: 0, mqtt: 0, console: 0 },
    homeFile: DEMO_HOME_FILE,
    isEmpty: true,
    log: () => undefined,
  });
  client = new LambdaClient({ ...house.stack.aws });
});
afterAll(async () => {
  client?.destroy();
  await house?.close();
  rmSync(data, { recursive: true, force: true });
});

const runCanary = async (): Promise<Readonly<Record<string, unknown>>> => {
  const canary = house.stack.resources.find(
    ({ logicalId, type }) =>
      type === "AWS::Lambda::Function" && logicalId.startsWith("CanaryRunCanary"),
  );
  const { Payload } = await client.send(new InvokeCommand({ FunctionName: canary?.name }));
  return parseJsonObject(new TextDecoder().decode(Payload)) ?? {};
};

const failuresCounted = (): readonly unknown[] =>
  readFileSync(join(data, "house", "logs", "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => parseJsonObject(line) ?? {})
    .filter(({ name }) => name === "CanaryFailures")
    .map(({ values }) => values);

const command = async (script: string, ...args: readonly string[]): Promise<void> => {
  const ended = await runScript(script, [...args, "--data", join(data, "house")]);
  expect(ended.code, ended.output).toBe(0);
};

// REQ: canary
test("without its home the canary fails and says why; with it the lamp's scene is done, and both are counted", async () => {
  const before = await runCanary();

  expect(before.done).toBe(false);
  expect(before.why).toMatch(/^NoHome: /);

  // As infra/aws/README.md says it.
  await command("add-home.ts", "Canary", "--id", "canary");
  await command("seed-home.ts", CANARY_HOME_FILE, "--home", "canary");
  await command("add-user.ts", "--machine", "--role", "resident", "--home", "canary");
  const after = await runCanary();

  expect(after, JSON.stringify(after)).toMatchObject({ done: true });
  // The schedule's own first run, a rate's at once, is among them.
  await expect.poll(() => failuresCounted().at(-1)).toEqual([0]);
  expect(failuresCounted()[0]).toEqual([1]);
});
