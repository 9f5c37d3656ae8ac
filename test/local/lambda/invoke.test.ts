import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { role, startTestEndpoint } from "../endpoint/test-endpoint.ts";
import { startTestLambda, type TestLambda } from "./test-lambda.ts";

const RECORDING = `
import { appendFileSync } from "node:fs";
export const handler = async (event, context) => {
  appendFileSync("calls", context.awsRequestId + "\\n");
  if (event.fail) throw new Error("as asked");
};`;

let house: TestLambda;

beforeAll(async () => {
  house = await startTestLambda(
    {
      echo: "export const handler = async (event) => event;",
      whole: {
        code: `export const handler = async (event, context) => ({
          context: { ...context, remaining: context.getRemainingTimeInMillis() }, environment: process.env, cwd: process.cwd(),
        });`,
        environment: { TABLE_NAME: "Audit", NODE_OPTIONS: "--enable-source-maps" },
        memorySizeMb: 256,
      },
      printing: `export const handler = async ({ lines }) => {
        console.log("asked for", { lines });
        for (let i = 0; i < lines; i += 1) console.warn("line " + i);
        process.stdout.write('{"level":"INFO","message":"as it is"}\\n');
      };`,
      sometimes:
        "export const handler = async ({ text }) => { if (text) process.stdout.write(text + '\\n'); };",
      recording: RECORDING,
      named: { code: "export const run = async () => 'named';", handler: "index.run" },
    },
    { eventRetryDelaysMs: [1, 1] },
  );
});
afterAll(async () => {
  await house.close();
});

describe("a call that waits for its answer", () => {
  test("gives the event to the handler and its result back", async () => {
    const event = { scene: "gute Nacht 🏠", list: [1, null, true] };

    const result = await house.invoke("echo", event);

    expect(result).toMatchObject({ status: 200, error: undefined, payload: event });
  });

  test.each<[string, unknown, unknown]>([
    ["no payload is an empty event", undefined, {}],
    ["text", "text", "text"],
    ["null", null, null],
    ["a payload of 1 MB", "x".repeat(1_000_000), "x".repeat(1_000_000)],
  ])("%s", async (_what, sent, received) => {
    const { payload } = await house.invoke("echo", sent);

    expect(payload).toEqual(received);
  });

  test("tells which version ran, and the request's id", async () => {
    const answer = await house.client.send(new InvokeCommand({ FunctionName: "echo" }));

    expect(answer.ExecutedVersion).toBe("$LATEST");
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("another export can be the handler", async () => {
    expect((await house.invoke("named")).payload).toBe("named");
  });

  test.each([
    "echo",
    "echo:$LATEST",
    "function:echo",
    "000000000000:function:echo",
    "arn:aws:lambda:us-east-1:000000000000:function:echo",
    "arn:aws:lambda:us-east-1:000000000000:function:echo:$LATEST",
  ])("finds the function by %s", async (name) => {
    const { payload } = await house.invoke(name, { found: true });

    expect(payload).toEqual({ found: true });
  });

  test.each([
    [
      "nobody",
      undefined,
      "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    ],
    ["echo", "3", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:echo:3"],
    [
      "arn:aws:lambda:eu-west-1:000000000000:function:echo",
      undefined,
      "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:echo",
    ],
    [
      "arn:aws:lambda:us-east-1:111111111111:function:echo",
      undefined,
      "Function not found: arn:aws:lambda:us-east-1:111111111111:function:echo",
    ],
  ])("does not find %s with qualifier %s", async (FunctionName, Qualifier, message) => {
    const asked = house.client.send(
      new InvokeCommand({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }),
    );

    await expect(asked).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message,
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe("what a handler sees", () => {
  test("the context of its call, with the client context unchanged", async () => {
    const custom = { bedrockAgentCoreToolName: "home___run_scene", said: "Grüße" };
    const ClientContext = Buffer.from(JSON.stringify({ custom })).toString("base64");

    const { payload } = await house.invoke("whole", {}, { ClientContext });

    expect(payload).toMatchObject({
      context: {
        clientContext: { custom },
        invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:whole",
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        xRayTraceId: expect.stringMatching(
          /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
        ) as string,
        functionName: "whole",
        functionVersion: "$LATEST",
        memoryLimitInMB: "256",
        logGroupName: "/aws/lambda/whole",
        logStreamName: expect.stringMatching(
          /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
        ) as string,
      },
    });
    const { remaining } = (payload as { context: { remaining: number } }).context;
    expect(remaining).toBeGreaterThan(10_000);
    expect(remaining).toBeLessThanOrEqual(20_000);
  });

  test("its own environment, its role's credentials, and nothing of ours", async () => {
    process.env.A_SECRET_OF_THE_STACK = "do not hand on";
    const credentials = house.endpoint.iam.credentialsFor(
      "arn:aws:iam::000000000000:role/FunctionRole",
      "lambda.amazonaws.com",
    );

    const { payload } = await house.invoke("whole");

    delete process.env.A_SECRET_OF_THE_STACK;
    const { environment, cwd } = payload as { environment: Record<string, string>; cwd: string };
    expect(environment).toMatchObject({
      TABLE_NAME: "Audit",
      NODE_OPTIONS: "--enable-source-maps",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: house.endpoint.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "whole",
      _HANDLER: "index.handler",
      TZ: ":UTC",
    });
    expect(
      Object.keys(environment)
        .filter((name) => !/^(AWS_|_|LAMBDA_)/.test(name))
        .sort(),
    ).toEqual(["LANG", "NODE_OPTIONS", "PATH", "TABLE_NAME", "TZ"]);
    expect(cwd).toBe(join(house.directory, "whole"));
  });

  test.each([
    ["no base64 of JSON", "%%%", "Client context must be a valid Base64-encoded JSON object."],
    [
      "too large",
      Buffer.from(JSON.stringify({ x: "x".repeat(3000) })).toString("base64"),
      "Client context must be less than 3583 bytes",
    ],
  ])("a client context that is %s is refused", async (_what, ClientContext, message) => {
    await expect(house.invoke("echo", {}, { ClientContext })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
      message,
    });
  });
});

describe("requests that are refused", () => {
  test("a payload that is no JSON", async () => {
    await expect(house.invoke("echo", undefined, { Payload: "{" })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
      message: expect.stringMatching(/^Could not parse request body into json: /) as string,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("a payload over 6 MB, and over 1 MB for one that nobody waits for", async () => {
    const over = (bytes: number) => JSON.stringify("x".repeat(bytes));

    const waiting = house.invoke("echo", undefined, { Payload: over(6 * 1024 * 1024) });
    await expect(waiting).rejects.toMatchObject({
      name: "RequestTooLargeException",
      message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
      $metadata: { httpStatusCode: 413 },
    });
    const event = house.invoke("echo", undefined, {
      Payload: over(1024 * 1024),
      InvocationType: "Event",
    });
    await expect(event).rejects.toMatchObject({ name: "RequestTooLargeException" });
  });

  test.each([
    [
      "response streaming",
      (client: LambdaClient) =>
        client.send(new InvokeWithResponseStreamCommand({ FunctionName: "echo" })),
    ],
    [
      "changing a function",
      (client: LambdaClient) =>
        client.send(new UpdateFunctionConfigurationCommand({ FunctionName: "echo", Timeout: 5 })),
    ],
  ])("%s, which is not imitated", async (_what, ask) => {
    await expect(ask(house.client)).rejects.toMatchObject({ name: "NotEmulated" });
  });
});

describe("a call that nobody waits for", () => {
  const callsOf = (name: string): string[] => {
    const file = join(house.directory, name, "calls");
    return existsSync(file) ? (house.logOf(name).match(/(?<=START RequestId: )\S+/g) ?? []) : [];
  };

  test("is accepted at once and made once", async () => {
    const before = callsOf("recording").length;

    const answer = await house.invoke("recording", {}, { InvocationType: "Event" });

    expect(answer).toMatchObject({ status: 202, error: undefined, payload: undefined });
    await expect.poll(() => callsOf("recording").length).toBe(before + 1);
  });

  test("is made three times when it fails, as the same request", async () => {
    const before = callsOf("recording").length;

    await house.invoke("recording", { fail: true }, { InvocationType: "Event" });

    await expect.poll(() => callsOf("recording").length).toBe(before + 3);
    expect(new Set(callsOf("recording").slice(before)).size).toBe(1);
  });

  test("a dry run runs nothing", async () => {
    const before = callsOf("recording").length;

    const { status } = await house.invoke("recording", {}, { InvocationType: "DryRun" });
    await house.invoke("recording");

    expect(status).toBe(204);
    await expect.poll(() => callsOf("recording").length).toBe(before + 1);
  });
});

describe("the log", () => {
  test("has Lambda's lines around what the function printed", async () => {
    await house.invoke("printing", { lines: 2 });

    await expect.poll(() => house.logOf("printing")).toContain("REPORT");
    const lines = house.logOf("printing").trimEnd().split("\n");
    const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(lines[0] ?? "")?.[1];
    const at = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(lines[1]).toMatch(new RegExp(`^${at}\t${id}\tINFO\tasked for { lines: 2 }$`));
    expect(lines[2]).toMatch(new RegExp(`^${at}\t${id}\tWARN\tline 0$`));
    expect(lines[3]).toMatch(new RegExp(`^${at}\t${id}\tWARN\tline 1$`));
    expect(lines[4]).toBe('{"level":"INFO","message":"as it is"}');
    expect(lines[5]).toBe(`END RequestId: ${id}`);
    expect(lines[6]).toMatch(
      new RegExp(
        `^REPORT RequestId: ${id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t?$`,
      ),
    );
  });

  test("comes back with the answer where it is asked for, its last 4 KB", async () => {
    const { log: short } = await house.invoke("printing", { lines: 1 }, { LogType: "Tail" });
    const { log: long } = await house.invoke("printing", { lines: 500 }, { LogType: "Tail" });

    expect(short).toMatch(/^START RequestId: .*line 0.*END RequestId: .*REPORT RequestId: /s);
    expect(long).toHaveLength(4096);
    expect(long).toContain("line 499");
    expect(long).toContain("REPORT RequestId: ");
  });
});

test("a call that prints nothing has none of the lines of the calls around it", async () => {
  const logs: string[] = [];
  for (const text of ["first", "", "", "fourth", ""]) {
    const { log } = await house.invoke("sometimes", { text }, { LogType: "Tail" });
    logs.push(log.replaceAll(/\b[0-9a-f-]{36}\b|(?<=REPORT ).*/g, "…"));
  }

  const around = (printed: string) =>
    `START RequestId: … Version: $LATEST\n${printed}END RequestId: …\nREPORT …\n`;
  expect(logs).toEqual(["first\n", "", "", "fourth\n", ""].map(around));
});

describe("what is known of functions", () => {
  test("configuration, function and list", async () => {
    const configuration = await house.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: "whole" }),
    );
    const { Configuration } = await house.client.send(
      new GetFunctionCommand({ FunctionName: "whole" }),
    );
    const { Functions } = await house.client.send(new ListFunctionsCommand({}));

    expect(configuration).toMatchObject({
      FunctionName: "whole",
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:whole",
      Role: "arn:aws:iam::000000000000:role/FunctionRole",
      MemorySize: 256,
      Timeout: 20,
      State: "Active",
    });
    expect(Configuration?.FunctionName).toBe("whole");
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toContain("echo");
  });
});

test("a role may invoke what its policy names, and nothing else", async () => {
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:echo";
  const endpoint = await startTestEndpoint([
    role("Caller", [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn }]),
  ]);
  endpoint.register(house.lambda.service);
  const client = new LambdaClient({
    ...endpoint.client,
    credentials: endpoint.iam.credentialsFor(
      "arn:aws:iam::000000000000:role/Caller",
      "lambda.amazonaws.com",
    ),
  });

  const { StatusCode } = await client.send(new InvokeCommand({ FunctionName: "echo" }));
  const other = client.send(new InvokeCommand({ FunctionName: "whole" }));
  const qualified = new InvokeCommand({ FunctionName: "echo", Qualifier: "$LATEST" });

  expect(StatusCode).toBe(200);
  await expect(other).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      "User: arn:aws:sts::000000000000:assumed-role/Caller/local is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:whole because no identity-based policy allows the lambda:InvokeFunction action",
    $metadata: { httpStatusCode: 403 },
  });
  // A grant on the function alone is none on its versions; CDK's grantInvoke gives both.
  await expect(client.send(qualified)).rejects.toThrow(`${arn}:$LATEST`);
  await endpoint.close();
});
