import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callAws } from "#local/wire/aws-call.ts";
import { awsCliPath, runAwsCli } from "../aws-cli.ts";
import { OPERATOR, REGION, role } from "../endpoint/test-endpoint.ts";
import {
  FUNCTION_ARN,
  QUEUE_ARN,
  ROLE_ARN,
  schedule,
  schedulesRole,
  startTestScheduler,
  type TestScheduler,
} from "./test-scheduler.ts";

let house: TestScheduler;
const group = (name: string) => `arn:aws:scheduler:us-east-1:000000000000:schedule-group/${name}`;

beforeAll(async () => {
  const account = { "aws:SourceAccount": "000000000000" };
  house = await startTestScheduler({
    roles: [
      schedulesRole({ StringEquals: { ...account, "aws:SourceArn": group("homes") } }, "OfGroup"),
      schedulesRole(
        {
          StringEquals: {
            ...account,
            "aws:SourceArn": "arn:aws:scheduler:us-east-1:000000000000:schedule/homes/evening",
          },
        },
        "OfSchedule",
      ),
      role("Elsewhere", []),
      role("MayCreate", [{ Effect: "Allow", Action: "scheduler:CreateSchedule", Resource: "*" }]),
      role("MayCreateAndPass", [
        {
          Effect: "Allow",
          Action: "scheduler:CreateSchedule",
          Resource: "arn:aws:scheduler:*:*:schedule/homes/*",
        },
        {
          Effect: "Allow",
          Action: "iam:PassRole",
          Resource: ROLE_ARN,
          Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
        },
      ]),
    ],
  });
  await house.client.send(new CreateScheduleGroupCommand({ Name: "homes" }));
});
afterAll(async () => {
  await house.close();
});

const OFF = { FlexibleTimeWindow: { Mode: "OFF" as const } };
const FAR = "at(2030-01-01T00:00:00)";

interface Recorded {
  readonly refused: readonly string[];
  readonly refusedMeasuredElsewhere: readonly { readonly expression: string }[];
  readonly accepted: readonly string[];
  readonly acceptedMeasuredElsewhere: readonly { readonly expression: string }[];
}
const FILE = join(
  import.meta.dirname,
  "../../../../shared/reference/scheduler/expressions-recorded.json",
);
const NOTHING: Recorded = {
  refused: [],
  refusedMeasuredElsewhere: [],
  accepted: [],
  acceptedMeasuredElsewhere: [],
};
const recorded = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Recorded) : NOTHING;
const texts = (list: readonly { readonly expression: string }[]): readonly string[] =>
  list.map(({ expression }) => expression);

// Report 24: imitators first took everything, then refused good forms.
describe.skipIf(!existsSync(FILE))("AWS's recorded answers, beside the repository,", () => {
  test.each([...recorded.accepted, ...texts(recorded.acceptedMeasuredElsewhere)])(
    "take %s",
    async (ScheduleExpression) => {
      const Name = `taken-${recorded.accepted.indexOf(ScheduleExpression)}`;

      const { ScheduleArn } = await house.client.send(
        schedule({ Name, ScheduleExpression, State: "DISABLED" }),
      );

      expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:000000000000:schedule/default/${Name}`);
    },
  );

  test.each([...recorded.refused, ...texts(recorded.refusedMeasuredElsewhere)])(
    "refuse %s",
    async (ScheduleExpression) => {
      await expect(
        house.client.send(schedule({ Name: "refused", ScheduleExpression })),
      ).rejects.toMatchObject({
        name: "ValidationException",
        message: `Invalid Schedule Expression ${ScheduleExpression}.`,
        $metadata: { httpStatusCode: 400 },
      });
    },
  );
});

describe("a schedule", () => {
  test("is told with every default that nobody sent", async () => {
    await house.client.send(schedule({ Name: "defaults", ScheduleExpression: FAR }));

    const { $metadata: _, ...told } = await house.client.send(
      new GetScheduleCommand({ Name: "defaults" }),
    );

    expect(told).toEqual({
      Arn: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/defaults",
      GroupName: "default",
      Name: "defaults",
      CreationDate: new Date("2026-06-01T12:00:00Z"),
      LastModificationDate: new Date("2026-06-01T12:00:00Z"),
      ScheduleExpression: FAR,
      ScheduleExpressionTimezone: "UTC",
      State: "ENABLED",
      ActionAfterCompletion: "NONE",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input:
          '{"plannedAt":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
  });

  test("is replaced by an update, never merged", async () => {
    const whole = schedule({
      Name: "replaced",
      ScheduleExpression: "rate(1 day)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      Description: "goodnight",
      State: "DISABLED",
      ActionAfterCompletion: "DELETE",
      EndDate: new Date("2027-01-01T00:00:00Z"),
    });
    await house.client.send(whole);

    await house.client.send(
      new UpdateScheduleCommand({
        Name: "replaced",
        ScheduleExpression: FAR,
        ...OFF,
        Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: "{}" },
      }),
    );

    const told = await house.client.send(new GetScheduleCommand({ Name: "replaced" }));
    expect(told).toMatchObject({
      ScheduleExpression: FAR,
      ScheduleExpressionTimezone: "UTC",
      State: "ENABLED",
      ActionAfterCompletion: "NONE",
    });
    expect(told.Description).toBeUndefined();
    expect(told.EndDate).toBeUndefined();
  });

  test("that exists is not made again, and one that does not is not found", async () => {
    await house.client.send(schedule({ Name: "once", ScheduleExpression: FAR }));

    await expect(
      house.client.send(schedule({ Name: "once", ScheduleExpression: FAR })),
    ).rejects.toMatchObject({
      name: "ConflictException",
      message: "Schedule once already exists.",
      $metadata: { httpStatusCode: 409 },
    });
    await expect(
      house.client.send(new DeleteScheduleCommand({ Name: "never" })),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule never does not exist.",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      house.client.send(new GetScheduleCommand({ Name: "once", GroupName: "nowhere" })),
    ).rejects.toMatchObject({ message: "Schedule group nowhere does not exist." });
  });

  const target = { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: "{}" };
  test.each([
    [
      "an unknown zone",
      { ScheduleExpressionTimezone: "Mars/Base" },
      "Invalid ScheduleExpressionTimezone: Mars/Base",
    ],
    [
      "a StartDate of six minutes ago",
      { ScheduleExpression: "rate(1 day)", StartDate: new Date("2026-06-01T11:54:00Z") },
      "The StartDate you specify cannot be earlier than 5 minutes ago.",
    ],
    [
      "a name with a blank",
      { Name: "good night" },
      "1 validation error detected: Value 'good night' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z\\-_.]+$",
    ],
    [
      "a name of 65 characters",
      { Name: "n".repeat(65) },
      `1 validation error detected: Value '${"n".repeat(65)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      "a flexible window without a length",
      { FlexibleTimeWindow: { Mode: "FLEXIBLE" as const } },
      "MaximumWindowInMinutes must be set when the flexible time window is FLEXIBLE.",
    ],
    [
      "a length of a window that is off",
      { FlexibleTimeWindow: { Mode: "OFF" as const, MaximumWindowInMinutes: 5 } },
      "MaximumWindowInMinutes cannot be set when the flexible time window is OFF.",
    ],
    [
      "a retry policy out of its bounds",
      {
        Target: {
          ...target,
          RetryPolicy: { MaximumRetryAttempts: 186, MaximumEventAgeInSeconds: 59 },
        },
      },
      "2 validation errors detected: Value '59' at 'target.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60; Value '186' at 'target.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
    [
      "a FIFO queue for its dead letters",
      { Target: { ...target, DeadLetterConfig: { Arn: `${QUEUE_ARN}.fifo` } } },
      "The dead-letter queue must be a standard queue.",
    ],
    [
      "an input for a function that is no JSON",
      { Target: { ...target, Input: "{" } },
      "The target's Input is not well-formed JSON.",
    ],
    [
      "an action that only reads",
      { Target: { ...target, Arn: "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage" } },
      "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage is not a supported target: receiveMessage only reads.",
    ],
    [
      "a role that does not trust the Scheduler",
      { Target: { ...target, RoleArn: "arn:aws:iam::000000000000:role/Elsewhere" } },
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    ],
  ])("with %s is refused", async (_what, given, message) => {
    await expect(
      house.client.send(schedule({ Name: "refused", ScheduleExpression: FAR, ...given })),
    ).rejects.toMatchObject({ name: "ValidationException", message });
  });

  test.each([
    ["a bus", "arn:aws:events:us-east-1:000000000000:event-bus/default", "a target of events"],
    [
      "another API",
      "arn:aws:scheduler:::aws-sdk:sns:publish",
      "the universal target aws-sdk:sns:publish",
    ],
    ["a FIFO queue", `${QUEUE_ARN}.fifo`, "a FIFO queue as the target"],
  ])("with %s as its target is refused by name", async (_what, Arn, what) => {
    await expect(
      house.client.send(
        schedule({
          Name: "refused",
          ScheduleExpression: FAR,
          Target: { Arn, RoleArn: ROLE_ARN, Input: "{}" },
        }),
      ),
    ).rejects.toMatchObject({
      name: "NotEmulated",
      message: expect.stringContaining(`CreateSchedule with ${what};`) as string,
    });
  });

  test("has a role whose trust names its group; one that names the schedule is refused", async () => {
    const withRole = (name: string) =>
      schedule({
        Name: "evening",
        GroupName: "homes",
        ScheduleExpression: FAR,
        Target: { ...target, RoleArn: `arn:aws:iam::000000000000:role/${name}` },
      });

    await expect(house.client.send(withRole("OfSchedule"))).rejects.toMatchObject({
      message:
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    });
    const { ScheduleArn } = await house.client.send(withRole("OfGroup"));

    expect(ScheduleArn).toBe("arn:aws:scheduler:us-east-1:000000000000:schedule/homes/evening");
  });

  test("is made only by who may make it and hand its role on", async () => {
    const as = (name: string, GroupName: string) =>
      callAws(
        {
          endpoint: house.endpoint.url,
          region: REGION,
          credentials: house.endpoint.iam.credentialsFor(
            `arn:aws:iam::000000000000:role/${name}`,
            "lambda.amazonaws.com",
          ),
        },
        {
          service: "scheduler",
          method: "POST",
          path: "/schedules/permitted",
          body: JSON.stringify({ ...OFF, GroupName, ScheduleExpression: FAR, Target: target }),
        },
      );

    const [passing, creating, elsewhere] = [
      await as("MayCreate", "homes"),
      await as("MayCreateAndPass", "homes"),
      await as("MayCreateAndPass", "default"),
    ];

    expect(passing.status).toBe(403);
    expect(passing.body.toString()).toContain(
      "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::000000000000:role/Schedules",
    );
    expect(creating.status).toBe(200);
    expect(elsewhere.body.toString()).toContain(
      "scheduler:CreateSchedule on resource: arn:aws:scheduler:us-east-1:000000000000:schedule/default/permitted",
    );
  });

  test("an error's text is its Message, and dates are epoch seconds, as on AWS's wire", async () => {
    await house.client.send(schedule({ Name: "wire", ScheduleExpression: FAR }));
    const access = { endpoint: house.endpoint.url, region: REGION, credentials: OPERATOR };
    const get = (path: string) =>
      callAws(access, { service: "scheduler", method: "GET", path, body: "" });

    const missing = await get("/schedules/none");
    const found = await get("/schedules/wire?groupName=default");

    expect(missing.headers["x-amzn-errortype"]).toBe("ResourceNotFoundException");
    expect(missing.body.toString()).toBe('{"Message":"Schedule none does not exist."}');
    expect(JSON.parse(found.body.toString())).toMatchObject({ CreationDate: 1_780_315_200 });
  });
});

describe("lists", () => {
  test("of schedules come in pages, by group, prefix and state", async () => {
    await house.client.send(new CreateScheduleGroupCommand({ Name: "listed" }));
    for (const Name of ["b1", "b2", "b3", "a1"]) {
      await house.client.send(
        schedule({
          Name,
          GroupName: "listed",
          ScheduleExpression: FAR,
          State: Name === "b3" ? "DISABLED" : "ENABLED",
        }),
      );
    }
    const list = async (rest: object) => {
      const { Schedules = [], NextToken } = await house.client.send(
        new ListSchedulesCommand({ GroupName: "listed", ...rest }),
      );
      return { names: Schedules.map(({ Name }) => Name), NextToken };
    };

    const first = await list({ MaxResults: 3 });
    const second = await list({ MaxResults: 3, NextToken: first.NextToken });
    const [prefixed, disabled] = [
      await list({ NamePrefix: "b" }),
      await list({ State: "DISABLED" }),
    ];

    expect([first.names, second.names]).toEqual([["a1", "b1", "b2"], ["b3"]]);
    expect(second.NextToken).toBeUndefined();
    expect([prefixed.names, disabled.names]).toEqual([["b1", "b2", "b3"], ["b3"]]);
    await expect(list({ NextToken: "made up" })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("of groups have the default one, which nobody deletes", async () => {
    const { ScheduleGroups = [] } = await house.client.send(
      new ListScheduleGroupsCommand({ NamePrefix: "def" }),
    );

    expect(ScheduleGroups).toMatchObject([
      { Name: "default", State: "ACTIVE", Arn: group("default") },
    ]);
    await expect(
      house.client.send(new DeleteScheduleGroupCommand({ Name: "default" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("a group", () => {
  test("takes its schedules with it", async () => {
    await house.client.send(new CreateScheduleGroupCommand({ Name: "short" }));
    await house.client.send(schedule({ Name: "in", GroupName: "short", ScheduleExpression: FAR }));

    await house.client.send(new DeleteScheduleGroupCommand({ Name: "short" }));

    await expect(
      house.client.send(new GetScheduleGroupCommand({ Name: "short" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const { Schedules = [] } = await house.client.send(
      new ListSchedulesCommand({ NamePrefix: "in" }),
    );
    expect(Schedules).toEqual([]);
  });

  test("has tags", async () => {
    const { ScheduleGroupArn: ResourceArn } = await house.client.send(
      new CreateScheduleGroupCommand({ Name: "tagged", Tags: [{ Key: "stage", Value: "a" }] }),
    );
    await house.client.send(
      new TagResourceCommand({ ResourceArn, Tags: [{ Key: "owner", Value: "b" }] }),
    );
    await house.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage"] }));

    const { Tags } = await house.client.send(new ListTagsForResourceCommand({ ResourceArn }));

    expect(Tags).toEqual([{ Key: "owner", Value: "b" }]);
  });
});

describe.skipIf(awsCliPath === undefined)("Debian's AWS CLI (needs awscli)", () => {
  test("makes a schedule and reads it", { timeout: 60_000 }, async () => {
    const scheduler = (...args: readonly string[]) =>
      runAwsCli({ endpoint: house.endpoint.url, credentials: OPERATOR }, ["scheduler", ...args]);

    const made = await scheduler(
      ...["create-schedule", "--name", "by-cli", "--schedule-expression", "rate(5 minutes)"],
      ...["--start-date", "2026-06-02T00:00:00Z", "--flexible-time-window", "Mode=OFF"],
      ...["--target", JSON.stringify({ Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: "{}" })],
    );
    const read = await scheduler("get-schedule", "--name", "by-cli");

    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(read.stdout)).toMatchObject({
      Name: "by-cli",
      ScheduleExpression: "rate(5 minutes)",
      StartDate: expect.stringMatching(/^2026-06-02T00:00:00/) as string,
    });
  });
});
