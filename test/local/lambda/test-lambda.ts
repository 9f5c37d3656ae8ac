import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import type { FunctionDescription } from "#local/lambda/function-description.ts";
import { type Lambda, type LambdaOptions, startLambda } from "#local/lambda/lambda.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

/** A function of a test: the text of its `index.mjs`, and what differs from the defaults. */
export type TestFunction = string | (Partial<FunctionDescription> & { readonly code: string });

/** Lambda behind an endpoint, with functions written for the test. */
export interface TestLambda {
  readonly endpoint: TestEndpoint;
  readonly lambda: Lambda;
  readonly client: LambdaClient;
  readonly directory: string;
  /** Invokes as the operator, and gives the payload parsed. */
  invoke(
    name: string,
    payload?: unknown,
    rest?: Partial<InvokeCommandInput>,
  ): Promise<{
    readonly status: number | undefined;
    readonly error: string | undefined;
    readonly payload: unknown;
    readonly log: string;
  }>;
  logOf(name: string): string;
  close(): Promise<void>;
}

export const startTestLambda = async (
  functions: Readonly<Record<string, TestFunction>>,
  options: Partial<LambdaOptions> = {},
  /** What the functions' role may do. */
  statements: readonly unknown[] = [],
): Promise<TestLambda> => {
  const directory = mkdtempSync(join(tmpdir(), "lambda-"));
  const endpoint = await startTestEndpoint([role("FunctionRole", statements)]);
  const descriptions = Object.entries(functions).map(([name, given]): FunctionDescription => {
    const { code, ...rest } = typeof given === "string" ? { code: given } : given;
    const codeDirectory = join(directory, name);
    mkdirSync(codeDirectory);
    writeFileSync(join(codeDirectory, "index.mjs"), code);
    return {
      name,
      arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/FunctionRole`,
      codeDirectory,
      handler: "index.handler",
      timeoutSeconds: 20,
      memorySizeMb: 128,
      environment: {},
      ...rest,
    };
  });
  const cleanUp = async (): Promise<void> => {
    await endpoint.close();
    rmSync(directory, { recursive: true });
  };
  const lambda = await startLambda({
    region: REGION,
    accountId: ACCOUNT,
    functions: descriptions,
    access: (roleArn) => ({
      endpoint: endpoint.url,
      region: REGION,
      credentials: endpoint.iam.credentialsFor(roleArn, "lambda.amazonaws.com"),
    }),
    logDirectory: join(directory, "logs"),
    ...options,
  }).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  endpoint.register(lambda.service);
  const client = new LambdaClient(endpoint.client);
  return {
    endpoint,
    lambda,
    client,
    directory,
    invoke: async (name, payload, rest = {}) => {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName: name,
          ...(payload === undefined ? {} : { Payload: JSON.stringify(payload) }),
          ...rest,
        }),
      );
      const text = answer.Payload?.transformToString() ?? "";
      return {
        status: answer.StatusCode,
        error: answer.FunctionError,
        payload: text === "" ? undefined : (JSON.parse(text) as unknown),
        log: Buffer.from(answer.LogResult ?? "", "base64").toString("utf8"),
      };
    },
    logOf: (name) => {
      const file = join(directory, "logs", `${name}.log`);
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    },
    close: async () => {
      client.destroy();
      await lambda.close();
      await cleanUp();
    },
  };
};
