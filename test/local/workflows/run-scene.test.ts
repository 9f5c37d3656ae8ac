import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AwsError } from "#local/wire/aws-service.ts";
import { FunctionError, type Handler, startTestAws } from "../step-functions/support.ts";

// workflows/run-scene.asl.json state by state: the definition as it is deployed, on the local Step Functions in virtual
// time, with functions and a table that a test plays.

const SUBSTITUTIONS: Readonly<Record<string, string>> = {
  AuditTableName: "audit",
  PublishCommandsFunctionArn: "publish",
  AwaitAcknowledgementsFunctionArn: "await",
  ConcludeRunFunctionArn: "conclude",
  UndoPartlyDoneFunctionArn: "undo",
};
const DEFINITION = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "workflows", "run-scene.asl.json"),
  "utf8",
).replace(/\$\{(\w+)\}/g, (_, name: string) => SUBSTITUTIONS[name] ?? "");

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T22:00:01Z"), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const command = (device: string) => ({
  device,
  thing: `home-${device}`,
  want: { light: { on: false } },
});

const inputOf = (...stages: readonly (readonly string[])[]) => ({
  home: "home",
  run: { id: "run_1", requestedAt: "2026-11-23T22:00:00.000Z" },
  record: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "RUN" } },
  plan: JSON.stringify({
    stages: stages.map((devices, index) => ({
      index,
      name: `stage ${index}`,
      commands: devices.map(command),
    })),
  }),
  planHash: "sha256:abc",
});

interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** How Lambda was asked to call a function. */
  readonly invocation?: string;
}

/** Runs the machine once, with the given functions in place of the well-behaved ones, and tells every call it made. */
const run = async (
  input: unknown,
  played: Partial<Record<"publish" | "await" | "conclude" | "undo", Handler>> = {},
  putItem: (call: number) => unknown = () => ({}),
) => {
  const calls: Call[] = [];
  const told =
    (name: string, handler: Handler): Handler =>
    (payload, request) => {
      const invocation = request.headers["x-amz-invocation-type"];
      const how = invocation === undefined ? {} : { invocation };
      calls.push({ name, input: payload as Call["input"], ...how });
      return handler(payload, request);
    };
  let puts = 0;
  const aws = await startTestAws({
    functions: {
      publish: told("publish", played.publish ?? (() => ({ sentAtMs: 1000, notSent: [] }))),
      await: told(
        "await",
        played.await ?? (() => ({ isOver: true, isGateOpen: true, waitSeconds: 1 })),
      ),
      conclude: told(
        "conclude",
        played.conclude ??
          (() => ({
            record: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "OUTCOME" } },
            result: "fine",
          })),
      ),
      undo: told("undo", played.undo ?? (() => ({}))),
    },
    table: (operation, item) => {
      calls.push({ name: operation, input: item as Call["input"] });
      puts += 1;
      return putItem(puts);
    },
  });
  onTestFinished(() => aws.close());
  const end = await aws.runSync(JSON.parse(DEFINITION) as Record<string, unknown>, input);
  const output: unknown = end.output === undefined ? undefined : JSON.parse(end.output);
  return { end, calls, output };
};

const names = (calls: readonly Call[]): readonly string[] => calls.map((call) => call.name);

// REQ: recorded-first
test("a run is recorded before anything is sent, goes through its stages in order, is concluded and recorded", async () => {
  const { end, calls, output } = await run(inputOf(["door", "garage"], ["lamp"]));

  expect(end.status).toBe("SUCCEEDED");
  expect(output).toBe("fine");
  expect(names(calls)).toEqual([
    "PutItem",
    ...["publish", "await"],
    ...["publish", "await"],
    "conclude",
    "PutItem",
  ]);
  expect(calls[0]?.input).toEqual({
    TableName: "audit",
    Item: {
      PK: { S: "HOME#home#RUN#run_1" },
      SK: { S: "RUN" },
      plan: { S: inputOf(["door", "garage"], ["lamp"]).plan },
    },
    ConditionExpression: "attribute_not_exists(PK)",
  });
  expect(calls[1]?.input).toEqual({
    home: "home",
    run: "run_1",
    requestedAt: "2026-11-23T22:00:00.000Z",
    rules: {},
    stage: 0,
    commands: [command("door"), command("garage")],
    whole: {
      run: { id: "run_1", requestedAt: "2026-11-23T22:00:00.000Z" },
      plan: JSON.parse(inputOf(["door", "garage"], ["lamp"]).plan) as unknown,
      planHash: "sha256:abc",
      sent: [],
    },
  });
  expect(calls[3]?.input.whole).toMatchObject({
    sent: [{ index: 0, sentAtMs: 1000, notSent: [] }],
  });
  expect(calls[2]?.input).toEqual({
    home: "home",
    run: "run_1",
    stage: { index: 0, name: "stage 0", commands: [command("door"), command("garage")] },
    sent: { index: 0, sentAtMs: 1000, notSent: [] },
  });
  expect(calls[6]?.input).toEqual({
    TableName: "audit",
    Item: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "OUTCOME" } },
    ConditionExpression: "attribute_not_exists(PK)",
  });
});

test("one stage with one device stays a list all the way", async () => {
  const { calls } = await run(inputOf(["lamp"]));

  expect(calls.find((call) => call.name === "publish")?.input.commands).toEqual([command("lamp")]);
  expect(calls.find((call) => call.name === "conclude")?.input).toEqual({
    home: "home",
    run: { id: "run_1", requestedAt: "2026-11-23T22:00:00.000Z" },
    plan: JSON.parse(inputOf(["lamp"]).plan) as unknown,
    planHash: "sha256:abc",
    sent: [{ index: 0, sentAtMs: 1000, notSent: [] }],
  });
});

const ANSWERED = { isOver: true, isGateOpen: true, waitSeconds: 1 };
const SENT = { sentAtMs: 1000, notSent: [] };
const CONCLUDED = {
  record: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "OUTCOME" }, by: { S: "publish" } },
  result: "done at once",
};

// REQ: answered-at-once
test("what answered at once is awaited by nobody, and the next stage is sent", async () => {
  const { calls, output } = await run(inputOf(["door"], ["lamp"]), {
    publish: () => ({ ...SENT, answered: ANSWERED }),
  });

  expect(names(calls)).toEqual(["PutItem", "publish", "publish", "conclude", "PutItem"]);
  expect(calls[3]?.input.sent).toEqual([
    { index: 0, ...SENT },
    { index: 1, ...SENT },
  ]);
  expect(output).toBe("fine");
});

test("of two stages the one that answered at once is not awaited, and the other is", async () => {
  const { calls } = await run(inputOf(["door"], ["lamp"]), {
    publish: (payload) =>
      (payload as { stage: number }).stage === 0 ? { ...SENT, answered: ANSWERED } : SENT,
  });

  expect(names(calls)).toEqual(["PutItem", "publish", "publish", "await", "conclude", "PutItem"]);
});

// REQ: answered-at-once
test("a run that is concluded where it was sent is recorded so, and concluded by nobody else", async () => {
  const { calls, output } = await run(inputOf(["lamp"]), {
    publish: () => ({ ...SENT, answered: { ...ANSWERED, concluded: CONCLUDED } }),
  });

  expect(names(calls)).toEqual(["PutItem", "publish", "PutItem"]);
  expect(calls[2]?.input).toEqual({
    TableName: "audit",
    Item: CONCLUDED.record,
    ConditionExpression: "attribute_not_exists(PK)",
  });
  expect(output).toBe("done at once");
});

test("more devices than a batch holds are no whole stage to any of their batches", async () => {
  const devices = Array.from({ length: 51 }, (_, index) => `lamp_${index}`);

  const { calls } = await run(inputOf(devices));

  const batches = calls.filter((call) => call.name === "publish");
  expect(batches.map(({ input }) => input.whole)).toEqual([{}, {}]);
  expect(names(calls)).toContain("await");
});

// REQ: batches
test.each([
  [50, [50]],
  [51, [50, 1]],
  [200, [50, 50, 50, 50]],
])("%i devices are published in batches of %j, each device once", async (count, sizes) => {
  const devices = Array.from({ length: count }, (_, index) => `lamp_${index}`);

  const { calls } = await run(inputOf(devices));

  const batches = calls
    .filter((call) => call.name === "publish")
    .map((call) => call.input.commands as readonly { readonly device: string }[]);
  expect(batches.map((batch) => batch.length).sort((a, b) => b - a)).toEqual(sizes);
  expect(
    batches
      .flat()
      .map((one) => one.device)
      .sort(),
  ).toEqual(devices.sort());
});

test("the stage's time is the latest of its batches, and their failures are put together", async () => {
  const devices = Array.from({ length: 60 }, (_, index) => `lamp_${index}`);

  const { calls } = await run(inputOf(devices), {
    publish: (payload) => {
      const { length } = (payload as { commands: unknown[] }).commands;
      return { sentAtMs: 1000 + length, notSent: [{ device: `of ${length}`, reason: "Busy" }] };
    },
  });

  const { sent } = calls.find((call) => call.name === "await")?.input ?? {};
  expect(sent).toEqual({
    index: 0,
    sentAtMs: 1050,
    notSent: [
      { device: "of 50", reason: "Busy" },
      { device: "of 10", reason: "Busy" },
    ],
  });
});

// REQ: recorded-first
test("a run that exists already sends nothing, and says so", async () => {
  const { end, calls, output } = await run(inputOf(["lamp"]), {}, () => {
    throw new AwsError("ConditionalCheckFailedException", "The conditional request failed");
  });

  expect(end.status).toBe("SUCCEEDED");
  expect(output).toEqual({ isAlreadyRequested: true });
  expect(names(calls)).toEqual(["PutItem"]);
});

test("a table that refuses the record for another reason ends the run before anything is sent", async () => {
  const { end, calls } = await run(inputOf(["lamp"]), {}, () => {
    throw new AwsError("ResourceNotFoundException", "Requested resource not found");
  });

  expect(end).toMatchObject({
    status: "FAILED",
    error: "DynamoDB.ResourceNotFoundException",
  });
  expect(names(calls)).toEqual(["PutItem"]);
});

// REQ: gate
test("a closed gate keeps the later stages from being sent; what was sent is concluded", async () => {
  const { calls } = await run(inputOf(["door"], ["lamp"], ["alarm"]), {
    await: () => ({ isOver: true, isGateOpen: false, waitSeconds: 1 }),
  });

  expect(names(calls)).toEqual(["PutItem", "publish", "await", "conclude", "PutItem"]);
  expect(calls[3]?.input.sent).toEqual([{ index: 0, sentAtMs: 1000, notSent: [] }]);
});

test("a stage that is not over is looked at again after a Wait, without being sent again", async () => {
  let looks = 0;

  const { calls } = await run(inputOf(["blinds"]), {
    await: () => {
      looks += 1;
      return { isOver: looks === 3, isGateOpen: true, waitSeconds: 1 };
    },
  });

  expect(names(calls)).toEqual([
    ...["PutItem", "publish", "await", "await", "await"],
    ...["conclude", "PutItem"],
  ]);
});

// REQ: device-failure-is-data
test("a batch whose function fails is data: its devices are not sent, the others are, and the run goes on", async () => {
  const devices = Array.from({ length: 52 }, (_, index) => `lamp_${index}`);

  const { end, calls } = await run(inputOf(devices), {
    publish: (payload) => {
      if ((payload as { commands: unknown[] }).commands.length === 50) {
        return { sentAtMs: 1000, notSent: [] };
      }
      throw new FunctionError('{"errorType":"Runtime.ExitError","errorMessage":"gone"}');
    },
  });

  expect(end.status).toBe("SUCCEEDED");
  const { sent } = calls.find((call) => call.name === "await")?.input ?? {};
  expect((sent as { notSent: unknown }).notSent).toEqual([
    { device: "lamp_50", reason: "Runtime.ExitError" },
    { device: "lamp_51", reason: "Runtime.ExitError" },
  ]);
});

test("when nobody can look for acknowledgements the run is concluded all the same, after one more try", async () => {
  const { end, calls } = await run(inputOf(["door"], ["lamp"]), {
    await: () => {
      throw new FunctionError('{"errorType":"Error","errorMessage":"no table"}');
    },
  });

  expect(end.status).toBe("SUCCEEDED");
  expect(names(calls)).toEqual([
    ...["PutItem", "publish", "await", "await"],
    ...["conclude", "PutItem"],
  ]);
});

test("a conclusion that fails three times fails the run, which then has no outcome", async () => {
  const { end, calls } = await run(inputOf(["lamp"]), {
    conclude: () => {
      throw new FunctionError('{"errorType":"Error","errorMessage":"no shadow"}');
    },
  });

  expect(end).toMatchObject({ status: "FAILED", error: "Error" });
  expect(names(calls).filter((name) => name === "conclude")).toHaveLength(3);
  expect(names(calls).filter((name) => name === "PutItem")).toHaveLength(1);
});

const AGAIN = {
  isOver: false,
  isGateOpen: false,
  waitSeconds: 1,
  again: {
    commands: [command("lamp")],
    record: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "TRY#0#0" } },
    sent: { index: 0, beganAtMs: 900, sentAtMs: 1000, notSent: [], again: ["lamp"] },
  },
};
const OVER = { isOver: true, isGateOpen: true, waitSeconds: 1 };
const publishing = { publish: () => ({ beganAtMs: 900, sentAtMs: 1000, notSent: [] }) };

test("a silent device is sent its command again as it was, after that is recorded, and the run goes on from there", async () => {
  let looks = 0;
  const { calls, output } = await run(inputOf(["door", "lamp"]), {
    ...publishing,
    await: () => {
      looks += 1;
      return looks === 1 ? AGAIN : OVER;
    },
  });

  expect(output).toBe("fine");
  expect(names(calls)).toEqual([
    ...["PutItem", "publish", "await"],
    ...["PutItem", "publish", "await"],
    ...["conclude", "PutItem"],
  ]);
  expect(calls[3]?.input).toMatchObject({ Item: AGAIN.again.record });
  expect(calls[4]?.input).toEqual({
    home: "home",
    run: "run_1",
    requestedAt: "2026-11-23T22:00:00.000Z",
    rules: {},
    stage: 0,
    commands: [command("lamp")],
    beganAtMs: 900,
  });
  expect(calls[5]?.input).toMatchObject({ sent: AGAIN.again.sent });
  expect(calls[6]?.input).toMatchObject({ sent: [AGAIN.again.sent] });
});

test("what cannot be recorded is not sent again, and the run goes on", async () => {
  let looks = 0;
  const { calls, output } = await run(
    inputOf(["lamp"]),
    {
      ...publishing,
      await: () => {
        looks += 1;
        return looks === 1 ? AGAIN : OVER;
      },
    },
    (puts) => {
      if (puts === 2) throw new AwsError("InternalServerError", "busy");
      return {};
    },
  );

  expect(output).toBe("fine");
  expect(names(calls)).toEqual([
    ...["PutItem", "publish", "await"],
    ...["PutItem", "await"],
    ...["conclude", "PutItem"],
  ]);
  expect(calls[4]?.input).toMatchObject({ sent: AGAIN.again.sent });
});

test("a scene that must hold is concluded when that time is over", async () => {
  const input = inputOf(["door"]);
  const plan = `${input.plan.slice(0, -1)},"rules":{"holdSeconds":30}}`;

  const { end, calls, output } = await run({ ...input, plan });

  expect(output).toBe("fine");
  expect(names(calls)).toEqual(["PutItem", "publish", "await", "conclude", "PutItem"]);
  const lastedMs = Number(end.stopDate) - Number(end.startDate);
  expect(lastedMs).toBeGreaterThanOrEqual(30_000);
});

test("a scene that must hold is concluded at once where a required device was not confirmed", async () => {
  const input = inputOf(["door"], ["lamp"]);
  const plan = `${input.plan.slice(0, -1)},"rules":{"holdSeconds":30}}`;

  const { end, calls } = await run(
    { ...input, plan },
    { await: () => ({ isOver: true, isGateOpen: false, waitSeconds: 1 }) },
  );

  expect(names(calls)).toEqual(["PutItem", "publish", "await", "conclude", "PutItem"]);
  expect(Number(end.stopDate) - Number(end.startDate)).toBeLessThan(30_000);
});

const WHOLE_OR_NOT = {
  ...inputOf(["lamp"]),
  plan: `${inputOf(["lamp"]).plan.slice(0, -1)},"rules":{"onPartial":"undo"}}`,
};
const concluding = (result: string) => ({
  conclude: () => ({
    record: { PK: { S: "HOME#home#RUN#run_1" }, SK: { S: "OUTCOME" } },
    result: { run_id: "run_1", result },
  }),
});

// REQ: undone-by-itself
test.each(["partly_done", "stopped", "failed"])(
  "a run that is to be done whole or not at all and ends %s is handed on to be undone, once it is recorded",
  async (result) => {
    const { end, calls, output } = await run(WHOLE_OR_NOT, concluding(result));

    expect(end.status).toBe("SUCCEEDED");
    expect(output).toEqual({ run_id: "run_1", result });
    expect(names(calls)).toEqual(["PutItem", "publish", "await", "conclude", "PutItem", "undo"]);
    expect(calls[5]).toEqual({
      name: "undo",
      input: { home: "home", run: "run_1" },
      invocation: "Event",
    });
  },
);

test.each([
  ["was done", WHOLE_OR_NOT, "done"],
  ["may be done in part", inputOf(["lamp"]), "partly_done"],
])("a run that %s is handed on to nobody", async (_, input, result) => {
  const { calls, output } = await run(input, concluding(result));

  expect(output).toEqual({ run_id: "run_1", result });
  expect(names(calls)).not.toContain("undo");
});

test("a run that cannot be handed on is tried three times, and its result is the answer all the same", async () => {
  const { end, calls, output } = await run(WHOLE_OR_NOT, {
    ...concluding("partly_done"),
    undo: () => throttled(),
  });

  expect(end.status).toBe("SUCCEEDED");
  expect(output).toEqual({ run_id: "run_1", result: "partly_done" });
  expect(names(calls).filter((name) => name === "undo")).toHaveLength(3);
});

const throttled = (): never => {
  throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
};

test("a batch that Lambda does not let in comes again, and its devices are sent their commands", async () => {
  let refusals = 0;

  const { calls, end } = await run(inputOf(["door"]), {
    publish: () => {
      refusals += 1;
      return refusals < 6 ? throttled() : { sentAtMs: 1000, notSent: [] };
    },
  });

  expect(end.status).toBe("SUCCEEDED");
  expect(calls.find(({ name }) => name === "conclude")?.input.sent).toEqual([
    { index: 0, sentAtMs: 1000, notSent: [] },
  ]);
});

test("a batch that Lambda does not let in for half a minute is data: its devices are not sent", async () => {
  const { calls, end } = await run(inputOf(["door"]), { publish: throttled });

  expect(end.status).toBe("SUCCEEDED");
  expect(calls.find(({ name }) => name === "conclude")?.input.sent).toMatchObject([
    { notSent: [{ device: "door", reason: "Lambda.TooManyRequestsException" }] },
  ]);
});

test("a look that Lambda does not let in is made again, and the run goes on", async () => {
  let looks = 0;

  const { calls } = await run(inputOf(["door"], ["lamp"]), {
    await: () => {
      looks += 1;
      return looks < 4 ? throttled() : { isOver: true, isGateOpen: true, waitSeconds: 1 };
    },
  });

  expect(names(calls).filter((name) => name !== "await")).toEqual([
    ...["PutItem", "publish", "publish"],
    ...["conclude", "PutItem"],
  ]);
});

// REQ: time-budget
test("when the time left is needed to conclude, nothing is waited for and no stage is sent any more", async () => {
  const { calls, end } = await run(inputOf(["door"], ["lamp"]), {
    await: () => ({ isOver: false, isGateOpen: false, waitSeconds: 1 }),
  });

  expect(end.status).toBe("SUCCEEDED");
  expect(names(calls).filter((name) => name !== "await")).toEqual([
    ...["PutItem", "publish", "conclude", "PutItem"],
  ]);
  expect(calls.filter(({ name }) => name === "await").length).toBeGreaterThan(200);
});

// REQ: begun-in-time
test.each([
  ["30 s", "2026-11-23T22:00:30.000Z"],
  ["no time, by a clock that is behind,", "2026-11-23T21:59:58.000Z"],
])("a run that begins %s after it was asked for sends its commands", async (_, now) => {
  vi.setSystemTime(now);

  const { calls } = await run(inputOf(["door"], ["lamp"]));

  expect(names(calls).filter((name) => name === "publish")).toHaveLength(2);
});

// REQ: begun-in-time
test("a run that begins more than 30 s after it was asked for is recorded, sends nothing, and says so of each device", async () => {
  vi.setSystemTime("2026-11-23T22:00:30.001Z");

  const { end, calls, output } = await run(inputOf(["door", "garage"], ["lamp"]));

  expect(end.status).toBe("SUCCEEDED");
  expect(output).toBe("fine");
  expect(names(calls)).toEqual(["PutItem", "conclude", "PutItem"]);
  expect(calls[1]?.input.sent).toEqual([
    {
      index: 0,
      sentAtMs: Date.parse("2026-11-23T22:00:30.001Z"),
      notSent: [
        { device: "door", reason: "STARTED_LATE" },
        { device: "garage", reason: "STARTED_LATE" },
      ],
    },
    {
      index: 1,
      sentAtMs: Date.parse("2026-11-23T22:00:30.001Z"),
      notSent: [{ device: "lamp", reason: "STARTED_LATE" }],
    },
  ]);
});

test("of a run of one device that begins too late the stages and the devices stay lists", async () => {
  vi.setSystemTime("2026-11-23T22:05:00.000Z");

  const { calls } = await run(inputOf(["lamp"]));

  expect(calls[1]?.input.sent).toMatchObject([
    { index: 0, notSent: [{ device: "lamp", reason: "STARTED_LATE" }] },
  ]);
});
