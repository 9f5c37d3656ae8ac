// A Map of 20 (Task, Choice, Pass) here and in aws-local-stepfunctions 3.0.0 on a JSONPath twin, in process and in turns;
// then the same machine over the wire, and what a runaway costs. Figures of one run compare, those of two do not.
import { createRequire } from "node:module";
import {
  CreateStateMachineCommand,
  SFNClient,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { compileMachine } from "#local/step-functions/compile/compile-machine.ts";
import { ExpressionWorkers } from "#local/step-functions/expressions/expression-workers.ts";
import type { EventSink, HistoryEvent } from "#local/step-functions/history/history-event.ts";
import { Cancellation } from "#local/step-functions/run/cancellation.ts";
import { Clock } from "#local/step-functions/run/clock.ts";
import type { Engine } from "#local/step-functions/run/execution.ts";
import { runExecution } from "#local/step-functions/run/run-execution.ts";
import { createStepFunctions } from "#local/step-functions/step-functions.ts";
import type { Json, JsonObject } from "#local/wire/json.ts";
import { playedService } from "../support/played-service.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 8);
const EXECUTIONS = 250;
const ITEMS = 20;
// The Map itself, and three states for each item.
const TRANSITIONS = 1 + ITEMS * 3;

const input = {
  items: Array.from({ length: ITEMS }, (_, id) => ({ id, ok: id % 2 === 0 })),
};
const RESULT = JSON.stringify(input.items.map(({ id }) => ({ id, done: true })));

const OURS: JsonObject = {
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      Items: "{% $states.input.items %}",
      ItemProcessor: {
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
            Next: "Decide",
          },
          Decide: {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input.ok %}", Next: "Done" }],
            Default: "Done",
          },
          Done: {
            Type: "Pass",
            Output: { id: "{% $states.input.id %}", done: true },
            End: true,
          },
        },
      },
      End: true,
    },
  },
};

const THEIRS = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: {
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
            Next: "Decide",
          },
          Decide: {
            Type: "Choice",
            Choices: [{ Variable: "$.ok", BooleanEquals: true, Next: "Done" }],
            Default: "Done",
          },
          Done: { Type: "Pass", Parameters: { "id.$": "$.id", done: true }, End: true },
        },
      },
      End: true,
    },
  },
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const timed = async (times: number, once: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  for (let i = 0; i < times; i += 1) await once();
  return (performance.now() - start) / times;
};

const check = (result: unknown, who: string): void => {
  if (JSON.stringify(result) !== RESULT) throw new Error(`${who} gave ${JSON.stringify(result)}`);
};

/** Our interpreter, with a task that answers its payload at once. */
const ours = (withHistory: boolean): (() => Promise<Json>) => {
  const machine = compileMachine(OURS);
  const engine: Engine = {
    clock: new Clock({ skipsIdleTime: false }),
    workers: new ExpressionWorkers(() => () => {}),
    runTask: (call) => Promise.resolve(call.arguments),
    access: () => ({
      endpoint: "",
      region: "us-east-1",
      credentials: { accessKeyId: "", secretAccessKey: "" },
    }),
    region: "us-east-1",
    ending: new Cancellation(),
  };
  return async () => {
    const events: HistoryEvent[] = [];
    const sink: EventSink = {
      wants: () => true,
      take: (event) => {
        events.push(event);
      },
    };
    const outcome = await runExecution(machine, {
      identity: {
        executionArn: "arn",
        executionName: "name",
        stateMachineArn: "arn",
        stateMachineName: "machine",
        roleArn: "role",
        startedAtMs: 0,
        input,
      },
      engine,
      sinks: withHistory ? [sink] : [],
      boundsEvents: false,
      maxSeconds: 300,
    }).outcome;
    return outcome.status === "SUCCEEDED" ? outcome.output : null;
  };
};

interface TheirMachine {
  run(input: unknown, options: unknown): { readonly result: Promise<unknown> };
}

// Its ES module bundle imports its own dependencies in a way that Node does not resolve; the other one does.
const { StateMachine } = createRequire(import.meta.url)("aws-local-stepfunctions") as {
  StateMachine: new (definition: unknown) => TheirMachine;
};

const theirs = (): (() => Promise<unknown>) => {
  const machine = new StateMachine(THEIRS);
  const options = {
    overrides: { taskResourceLocalHandlers: { Call: (payload: unknown) => payload } },
  };
  return () => machine.run(input, options).result;
};

const inProcess = async (): Promise<void> => {
  const arms = [
    { name: "ours, Express without a log", run: ours(false), ms: [] as number[] },
    { name: "ours, every event recorded", run: ours(true), ms: [] as number[] },
    { name: "aws-local-stepfunctions 3.0.0", run: theirs(), ms: [] as number[] },
  ];
  for (const arm of arms) {
    check(await arm.run(), arm.name);
    await timed(EXECUTIONS, arm.run);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const arm of arms) arm.ms.push(await timed(EXECUTIONS, arm.run));
  }
  console.log(`\nMap of ${ITEMS} (Task, Choice, Pass), in process, ${ROUNDS} rounds in turns:`);
  for (const { name, ms } of arms) {
    const each = median(ms);
    console.log(
      `  ${name.padEnd(32)} ${(1000 / each).toFixed(0).padStart(6)} executions/s   ${((each * 1000) / TRANSITIONS).toFixed(1).padStart(5)} µs a transition`,
    );
  }
  const [fast, , other] = arms;
  console.log(
    `  ours is ${(median(other?.ms ?? []) / median(fast?.ms ?? [])).toFixed(2)} times as fast`,
  );
};

const CREDENTIALS = { accessKeyId: "AKIABENCH", secretAccessKey: "secret" };

const overTheWire = async (): Promise<void> => {
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: () => ({
        caller: { arn: "arn:aws:iam::000000000000:user/b" },
        credentials: CREDENTIALS,
      }),
      decide: () => ({ allowed: true }),
    },
  });
  const access = { endpoint: endpoint.url, region: "us-east-1", credentials: CREDENTIALS };
  const service = createStepFunctions({
    region: "us-east-1",
    accountId: "000000000000",
    access: () => access,
  });
  endpoint.register(service.service);
  endpoint.register(
    playedService({
      signingNames: ["lambda"],
      errorProtocol: "rest-json",
      requiredPermissions: () => [],
      handle: ({ body }) =>
        Promise.resolve({ status: 200, headers: { "content-type": "application/json" }, body }),
    }),
  );
  const client = new SFNClient({
    endpoint: endpoint.url,
    region: "us-east-1",
    credentials: CREDENTIALS,
    disableHostPrefix: true,
  });
  const create = async (definition: JsonObject, name: string): Promise<string> => {
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: "arn:aws:iam::000000000000:role/Bench",
        type: "EXPRESS",
      }),
    );
    return stateMachineArn ?? "";
  };
  const start =
    (stateMachineArn: string, given: unknown = {}) =>
    () =>
      client.send(new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(given) }));

  const pass: JsonObject = {
    QueryLanguage: "JSONata",
    StartAt: "P",
    States: { P: { Type: "Pass", End: true } },
  };
  const one = start(await create(pass, "pass"));
  const map = start(await create(OURS, "map"), input);
  const { output } = await map();
  check(JSON.parse(output ?? "null"), "over the wire");
  await timed(200, one);
  console.log("\nOver HTTP, signed and verified, with the AWS SDK:");
  console.log(`  StartSyncExecution of one Pass          ${(await timed(500, one)).toFixed(2)} ms`);
  console.log(
    `  the Map of ${ITEMS}, each Task an HTTP call    ${(await timed(100, map)).toFixed(2)} ms`,
  );
  await runaways(create, start);
  client.destroy();
  await service.close();
  await endpoint.close();
};

const runaways = async (
  create: (definition: JsonObject, name: string) => Promise<string>,
  start: (arn: string) => () => Promise<{ readonly status?: string | undefined }>,
): Promise<void> => {
  const expressions: Readonly<Record<string, string>> = {
    "a loop without end": "($f := function($x){ $f($x + 1) }; $f(1))",
    "a list of ten million": "$count([1..10000000])",
    "a text without end": "$length($reduce([1..28], function($a, $b){ $a & $a }, 'x'))",
    "a regular expression":
      "$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a|aa)+$/)",
  };
  console.log(
    "\nAn expression that runs away (time to its error, longest the process did not answer, growth):",
  );
  for (const [name, expression] of Object.entries(expressions)) {
    const definition: JsonObject = {
      QueryLanguage: "JSONata",
      StartAt: "E",
      States: { E: { Type: "Pass", Output: `{% ${expression} %}`, End: true } },
    };
    const run = start(await create(definition, name.replaceAll(" ", "-")));
    const before = process.memoryUsage.rss();
    let peak = before;
    let lastMs = performance.now();
    let longestMs = 0;
    const clock = setInterval(() => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs - 5);
      lastMs = nowMs;
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 5);
    const ms = await timed(1, run);
    clearInterval(clock);
    console.log(
      `  ${name.padEnd(24)} ${ms.toFixed(0).padStart(5)} ms   ${longestMs.toFixed(0).padStart(4)} ms   ${((peak - before) / 1_048_576).toFixed(0).padStart(4)} MB`,
    );
  }
};

await inProcess();
await overTheWire();
