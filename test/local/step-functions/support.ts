import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type LogLevel,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  type StartSyncExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createStepFunctions } from "#local/step-functions/step-functions.ts";
import { AwsError, type AwsRequest, type AwsService } from "#local/wire/aws-service.ts";
import { playedService } from "../../support/played-service.ts";

const CREDENTIALS = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

/** The role of every machine in these tests. */
export const ROLE = "arn:aws:iam::000000000000:role/Machine";

/** What a test's function answers: a value, or text that goes over the wire as it is, or an error of the function. */
export type Handler = (payload: unknown, request: AwsRequest) => unknown;

/** A function's own error, as Lambda hands it on. */
export class FunctionError extends Error {
  readonly payload: string;

  constructor(payload: string) {
    super("The function failed.");
    this.payload = payload;
  }
}

const lambdaService = (functions: Readonly<Record<string, Handler>>): AwsService =>
  playedService({
    signingNames: ["lambda"],
    errorProtocol: "rest-json",
    requiredPermissions: () => [],
    handle: async (request) => {
      const [, , , encoded = ""] = request.path.split("/");
      const name = decodeURIComponent(encoded);
      const handler = functions[name] ?? functions[name.replace(/^.*:function:/, "")];
      if (handler === undefined) {
        throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`, {
          status: 404,
        });
      }
      const headers = { "content-type": "application/json", "x-amz-executed-version": "$LATEST" };
      try {
        const text = request.body.toString("utf8");
        const value: unknown = await handler(JSON.parse(text), request);
        return { status: 200, headers, body: JSON.stringify(value ?? null) };
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        return {
          status: 200,
          headers: { ...headers, "x-amz-function-error": "Unhandled" },
          body: error.payload,
        };
      }
    },
  });

/** A DynamoDB that answers what a test says, and remembers what it was asked. */
export type TableAnswer = (operation: string, input: unknown) => unknown;

const dynamoDbService = (answer: TableAnswer): AwsService =>
  playedService({
    signingNames: ["dynamodb"],
    errorProtocol: "json",
    requiredPermissions: () => [],
    handle: async (request) => {
      const operation = (request.headers["x-amz-target"] ?? "").replace("DynamoDB_20120810.", "");
      const value: unknown = await answer(operation, JSON.parse(request.body.toString("utf8")));
      return {
        status: 200,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body: JSON.stringify(value ?? {}),
      };
    },
  });

/** How an execution ended, and what happened in it. */
export interface Ended {
  readonly description: DescribeExecutionCommandOutput;
  readonly events: readonly HistoryEvent[];
  /** The types of the events, in their order. */
  readonly types: readonly string[];
  /** The output, parsed. */
  readonly output: unknown;
}

/** A definition, or the states of one: JSONata, beginning with the first. */
export type Definition = Readonly<Record<string, unknown>>;

/** A machine of JSONata whose first state is the first. */
export const machine = (states: Definition, more: Definition = {}): Definition => ({
  QueryLanguage: "JSONata",
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});

/** A running Step Functions with a Lambda and a DynamoDB that a test plays, and a real client. */
export const startTestAws = async (
  options: {
    readonly functions?: Readonly<Record<string, Handler>>;
    readonly table?: TableAnswer;
    readonly realTime?: boolean;
    readonly deliverAsyncStartsTwice?: boolean;
    readonly refuseRole?: boolean;
  } = {},
) => {
  const directory = mkdtempSync(join(tmpdir(), "step-functions-"));
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: () => ({
        caller: { arn: "arn:aws:iam::000000000000:user/test" },
        credentials: CREDENTIALS,
      }),
      decide: () => ({ allowed: true }),
    },
  });
  const stepFunctions = createStepFunctions({
    region: "us-east-1",
    accountId: "000000000000",
    access: () => {
      if (options.refuseRole === true) throw new AwsError("AccessDenied", "not trusted");
      return { endpoint: endpoint.url, region: "us-east-1", credentials: CREDENTIALS };
    },
    logDirectory: directory,
    virtualTime: options.realTime !== true,
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false,
  });
  let starts = 0;
  endpoint.register({
    ...stepFunctions.service,
    understand: (request) => {
      const understood = stepFunctions.service.understand(request);
      return {
        ...understood,
        carryOut: () => {
          if (request.headers["x-amz-target"]?.includes(".Start") === true) starts += 1;
          return understood.carryOut();
        },
      };
    },
  });
  endpoint.register(lambdaService(options.functions ?? {}));
  endpoint.register(dynamoDbService(options.table ?? (() => ({}))));
  const client = new SFNClient({
    endpoint: endpoint.url,
    region: "us-east-1",
    credentials: CREDENTIALS,
    disableHostPrefix: true,
    maxAttempts: 1,
  });
  let machines = 0;

  const create = async (
    definition: Definition,
    type: "STANDARD" | "EXPRESS" = "STANDARD",
    log?: { readonly level: LogLevel; readonly includeExecutionData: boolean },
  ): Promise<string> => {
    machines += 1;
    const name = `machine-${machines}`;
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: ROLE,
        type,
        ...(log === undefined
          ? {}
          : {
              loggingConfiguration: {
                ...log,
                destinations: [
                  {
                    cloudWatchLogsLogGroup: {
                      logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:/test/${name}:*`,
                    },
                  },
                ],
              },
            }),
      }),
    );
    return stateMachineArn ?? "";
  };

  const ended = async (executionArn: string): Promise<Ended> => {
    for (;;) {
      const description = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (description.status !== "RUNNING") {
        const events = await historyOf(client, executionArn);
        return {
          description,
          events,
          types: events.map((event) => event.type ?? ""),
          output: description.output === undefined ? undefined : JSON.parse(description.output),
        };
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  return {
    client,
    directory,
    create,
    ended,
    /** How many starts have arrived. */
    startedCount: (): number => starts,
    /** Creates a Standard machine, runs it to its end and tells how that went. */
    run: async (definition: Definition, input: unknown = {}): Promise<Ended> => {
      const stateMachineArn = await create(definition);
      const { executionArn } = await client.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      return ended(executionArn ?? "");
    },
    /** Creates an Express machine and runs it. */
    runSync: async (
      definition: Definition,
      input: unknown = {},
    ): Promise<StartSyncExecutionCommandOutput> => {
      const stateMachineArn = await create(definition, "EXPRESS");
      return client.send(
        new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
    },
    close: async (): Promise<void> => {
      client.destroy();
      await stepFunctions.close();
      await endpoint.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const historyOf = async (client: SFNClient, executionArn: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await client.send(
      new GetExecutionHistoryCommand({
        executionArn,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    events.push(...(answer.events ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return events;
};

/** The running service of a test file. */
export type TestAws = Awaited<ReturnType<typeof startTestAws>>;
