import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeStacks } from "#local/cloudformation/describe-stacks.ts";
import { awsCliPath, runAwsCli } from "../aws-cli.ts";
import { role, startTestEndpoint, type TestEndpoint } from "../endpoint/test-endpoint.ts";

const ARN = "arn:aws:cloudformation:us-east-1:000000000000:stack/SmarthomeScenes/local";
const ODD = `<a href="x">&amp; 'quotes' ]]> \u00e4 \u{1f4a1}</a>`;

let endpoint: TestEndpoint;
let client: CloudFormationClient;
beforeAll(async () => {
  endpoint = await startTestEndpoint([role("Nobody", [])]);
  endpoint.register(
    describeStacks({
      name: "SmarthomeScenes",
      arn: ARN,
      startedMs: Date.parse("2026-01-02T03:04:05.678Z"),
      outputs: () =>
        new Map([
          ["HomeTableName", "Home"],
          ["Odd", ODD],
          ["Empty", ""],
        ]),
    }),
  );
  client = new CloudFormationClient(endpoint.client);
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

const describeStack = (StackName?: string) =>
  client.send(new DescribeStacksCommand(StackName === undefined ? {} : { StackName }));

describe("DescribeStacks", () => {
  test.for([
    ["by its name", "SmarthomeScenes"],
    ["by its ARN", ARN],
    ["among all", undefined],
  ] as const)("tells the stack's outputs, asked for %s", async ([, name]) => {
    const { Stacks } = await describeStack(name);

    expect(Stacks).toEqual([
      {
        StackName: "SmarthomeScenes",
        StackId: ARN,
        StackStatus: "CREATE_COMPLETE",
        CreationTime: new Date("2026-01-02T03:04:05.678Z"),
        Outputs: [
          { OutputKey: "HomeTableName", OutputValue: "Home" },
          { OutputKey: "Odd", OutputValue: ODD },
          { OutputKey: "Empty", OutputValue: "" },
        ],
      },
    ]);
  });

  test.for(["Other", "smarthomescenes", `${ARN}2`, "<b>&amp;</b>"])(
    "of %s, which is not there, is a ValidationError that repeats the name",
    async (name) => {
      const described = describeStack(name);

      await expect(described).rejects.toMatchObject({
        name: "ValidationError",
        message: expect.stringContaining(name) as unknown,
        $metadata: { httpStatusCode: 400 },
      });
    },
  );

  test("needs its permission on the stack", async () => {
    const credentials = endpoint.iam.credentialsFor(
      "arn:aws:iam::000000000000:role/Nobody",
      "lambda.amazonaws.com",
    );
    const other = new CloudFormationClient({ ...endpoint.client, credentials });

    const described = other.send(new DescribeStacksCommand({}));

    await expect(described).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(endpoint.lines.join("\n")).toContain(
      `cloudformation:DescribeStacks on resource: ${ARN}`,
    );
    other.destroy();
  });
});

test("another operation says by name that it is not imitated", async () => {
  const listed = client.send(new ListStacksCommand({}));

  await expect(listed).rejects.toMatchObject({
    name: "NotEmulated",
    message: expect.stringContaining("ListStacks") as unknown,
    $metadata: { httpStatusCode: 501 },
  });
});

describe.skipIf(awsCliPath === undefined)("Debian's AWS CLI (needs awscli)", () => {
  test("reads the outputs, and the refusals", { timeout: 90_000 }, async () => {
    const cloudFormation = (...args: readonly string[]) =>
      runAwsCli({ endpoint: endpoint.url, credentials: endpoint.client.credentials }, [
        "cloudformation",
        ...args,
      ]);

    const [described, unknown, other] = await Promise.all([
      cloudFormation(
        ...["describe-stacks", "--stack-name", "SmarthomeScenes"],
        ...["--query", "Stacks[0].Outputs[?OutputKey=='Odd'].OutputValue"],
      ),
      cloudFormation("describe-stacks", "--stack-name", "Other"),
      cloudFormation("list-stacks"),
    ]);

    expect(JSON.parse(described.stdout)).toEqual([ODD]);
    expect(unknown).toMatchObject({ code: 254, stdout: "" });
    expect(unknown.stderr).toContain("(ValidationError)");
    expect(other.stderr).toContain("(NotEmulated)");
  });
});
