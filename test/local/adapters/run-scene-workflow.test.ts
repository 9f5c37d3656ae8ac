import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { logger, observed } from "#adapters/observed.ts";
import type { ExecutionEnd } from "#adapters/run-scene-workflow.ts";
import { lambdaContext } from "../../functions/lambda-context.ts";
import { startDaemon } from "./x-ray-daemon.ts";

const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:run-scene";
const TRACE = "1-6566b6f4-0123456789abcdef01234567";

logger.setLogLevel("SILENT");

/** What Step Functions answers to the next call, and which operations it was called for. */
let answer: (response: ServerResponse) => void;
let called: string[];
const stepFunctions = createServer((request, response) => {
  called.push(String(request.headers["x-amz-target"]));
  request.resume().on("end", () => answer(response));
});

let run: (waitMs: number) => Promise<ExecutionEnd>;

beforeAll(async () => {
  stepFunctions.listen(0, "127.0.0.1");
  await once(stepFunctions, "listening");
  const address = stepFunctions.address();
  const port = typeof address === "object" ? address?.port : undefined;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  const { runWorkflow } = await import("#adapters/run-scene-workflow.ts");
  run = (waitMs) => runWorkflow(MACHINE, "run-1", { home: "home" }, waitMs);
});
beforeEach(() => {
  called = [];
});
afterAll(() => {
  vi.unstubAllEnvs();
  stepFunctions.closeAllConnections();
  stepFunctions.close();
});

const answers = (status: number, body: object) => (response: ServerResponse) => {
  response
    .writeHead(status, { "content-type": "application/x-amz-json-1.0" })
    .end(JSON.stringify(body));
};
const keepsSilent = (): void => undefined;
const cutsTheSocket = (response: ServerResponse) => response.destroy();

test("an execution that ends in time is over, with its output", async () => {
  answer = answers(200, { status: "SUCCEEDED", output: '{"result":"done"}' });

  const end = await run(5_000);

  expect(end).toEqual({ is: "over", output: { result: "done" } });
  expect(called).toEqual(["AWSStepFunctions.StartSyncExecution"]);
});

test.each([
  [
    { status: "FAILED", error: "DynamoDB.X", cause: "why" },
    { error: "DynamoDB.X", cause: "why" },
  ],
  [{ status: "TIMED_OUT" }, { error: "TIMED_OUT", cause: "" }],
])("an execution that does not succeed is broken off: %j", async (body, why) => {
  answer = answers(200, body);

  const end = await run(5_000);

  expect(end).toEqual({ is: "broken off", ...why });
});

// REQ: answers-in-time
test("when the time is up the execution is running, whatever became of the calls before", async () => {
  answer = answers(200, { status: "SUCCEEDED", output: "{}" });
  await run(5_000);
  answer = keepsSilent;

  const [first, second] = [await run(50), await run(50)];

  expect([first, second]).toEqual([{ is: "running" }, { is: "running" }]);
  expect(called).toEqual(Array(3).fill("AWSStepFunctions.StartSyncExecution"));
});

// A refusal after a call that was waited for no longer is still a refusal.
test.each([
  [400, "StateMachineDoesNotExist"],
  [400, "ThrottlingException"],
  [403, "AccessDeniedException"],
])("what Step Functions refuses (%i, %s) is thrown: nothing has begun", async (status, name) => {
  answer = keepsSilent;
  await run(20);
  answer = answers(status, { __type: `com.amazonaws.states#${name}`, message: "no" });

  await expect(run(5_000)).rejects.toThrow(expect.objectContaining({ name }));
  await expect(run(0)).rejects.toThrow(expect.objectContaining({ name }));
  expect(called).toHaveLength(3);
});

test.each([
  ["a 500", answers(500, { __type: "InternalFailure" })],
  ["a 503", answers(503, {})],
  ["a cut socket", cutsTheSocket],
])(
  "after %s nobody knows whether an execution began, and none is started again",
  async (_, reply) => {
    answer = reply;

    const waited = await run(5_000);
    const started = await run(0);

    expect(waited).toEqual({ is: "not known", error: expect.any(Error) as Error });
    expect(started).toEqual({ is: "not known", error: expect.any(Error) as Error });
    expect(called).toEqual([
      "AWSStepFunctions.StartSyncExecution",
      "AWSStepFunctions.StartExecution",
    ]);
  },
);

// REQ: answers-in-time
test("without waiting the execution is only started, and is running", async () => {
  answer = answers(200, { executionArn: `${MACHINE}:run-1`, startDate: 1_700_000_000 });

  const end = await run(0);

  expect(end).toEqual({ is: "running" });
  expect(called).toEqual(["AWSStepFunctions.StartExecution"]);
});

test("X-Ray is told of no fault where a call is waited for no longer, and of one where it broke off", async () => {
  const daemon = await startDaemon();
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${TRACE};Parent=0123456789abcdef;Sampled=1`);
  answer = keepsSilent;

  await observed(() => run(50))({}, lambdaContext());
  answer = cutsTheSocket;
  await observed(() => run(5_000))({}, lambdaContext());

  const calls = (await daemon.documents(4)).filter(({ name }) => name === "SFN");
  expect(calls).toHaveLength(2);
  expect(calls[0]).not.toHaveProperty("fault");
  expect(calls[0]).not.toHaveProperty("error");
  expect(calls[0]).not.toHaveProperty("cause");
  expect(calls[1]).toMatchObject({ fault: true });
});
