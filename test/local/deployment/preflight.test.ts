import { expect, onTestFinished, test } from "vitest";
import type { Finding } from "../../../scripts/preflight/finding.ts";
import { look } from "../../../scripts/preflight/look.ts";
import { runScript } from "../../support/command.ts";
import { type Answer, type Heard, startScriptedServer } from "../../support/scripted-server.ts";

const xml = (action: string, body: string): Answer => ({
  status: 200,
  headers: { "content-type": "text/xml" },
  body: `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`,
});

const stack = (name: string, status: string, outputs = ""): Answer =>
  xml(
    "DescribeStacks",
    `<Stacks><member><StackName>${name}</StackName><CreationTime>2026-11-27T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus><Outputs>${outputs}</Outputs></member></Stacks>`,
  );

const NO_STACK: Answer = {
  status: 400,
  headers: { "content-type": "text/xml" },
  body: "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id X does not exist</Message></Error></ErrorResponse>",
};

const NOT_FOUND: Answer = {
  status: 404,
  headers: { "x-amzn-errortype": "ResourceNotFoundException" },
  body: { Message: "not found" },
};

/** An account in which everything is well. */
const WELL: Readonly<Record<string, Answer>> = {
  GetCallerIdentity: xml(
    "GetCallerIdentity",
    "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>A</UserId>",
  ),
  "DescribeStacks CDKToolkit": stack(
    "CDKToolkit",
    "CREATE_COMPLETE",
    "<member><OutputKey>BootstrapVersion</OutputKey><OutputValue>21</OutputValue></member>",
  ),
  "DescribeStacks SmarthomeScenes": NO_STACK,
  "/gateways/": { status: 200, body: { items: [] } },
  "/2016-08-19/account-settings": {
    status: 200,
    body: { AccountLimit: { ConcurrentExecutions: 1000 } },
  },
  "/rules": { status: 200, body: { rules: [] } },
  "/policies": { status: 200, body: { policies: [] } },
  "/schedule-groups/smarthome-schedules": NOT_FOUND,
  "/2015-03-31/functions/smarthome-start-scheduled-scene": NOT_FOUND,
  "/2015-03-31/functions/smarthome-undo-partly-done": NOT_FOUND,
  DescribeLogGroups: { status: 200, body: { logGroups: [] } },
  DescribeUserPoolDomain: { status: 200, body: { DomainDescription: {} } },
};

const askedOf = ({ path, headers, body }: Heard): string => {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.replace(/^.*\./, "");
  const form = new URLSearchParams(body);
  const action = form.get("Action");
  if (action !== null) return [action, form.get("StackName") ?? ""].join(" ").trim();
  return path.replace(/\?.*$/, "");
};

/** An account in which some answers are other ones. */
const account = async (spoiled: Readonly<Record<string, Answer>> = {}): Promise<string> => {
  const answers = { ...WELL, ...spoiled };
  const server = await startScriptedServer(
    (heard) => answers[askedOf(heard)] ?? { status: 501, body: { message: askedOf(heard) } },
  );
  onTestFinished(() => server.close());
  return server.origin;
};

const CREDENTIALS = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

// REQ: preflight
test("where all is well it says so of each, and how the first deployment is made", async () => {
  const endpoint = await account();

  const { code, output } = await runScript(
    "preflight.ts",
    ["--endpoint-url", endpoint, "--region", "eu-central-1"],
    {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      NO_COLOR: "1",
    },
  );

  expect(output).toMatch(/✓ versions +Node\.js \d+\.\d+\.\d+, aws-cdk 2\.\d+\.\d+, aws-cdk-lib 2/);
  expect(output).toContain(
    "✓ credentials  account 123456789012 in eu-central-1, as arn:aws:iam::123456789012:user/ada",
  );
  expect(output).toContain("✓ region       eu-central-1 has Bedrock AgentCore, with 0 gateways");
  expect(output).toContain("✓ bootstrap    CDKToolkit, version 21");
  expect(output).toContain("✓ concurrency  1000 functions at once");
  expect(output).toContain("✓ stack        SmarthomeScenes is not there yet");
  expect(output).toContain("✓ names        gateway, rules, policy");
  expect(output).toContain("✓ domain       smarthome-123456789012 is free");
  expect(output).toContain("All is well. Next: npm run deploy -- -c first=yes\n");
  expect(code).toBe(0);
});

// REQ: preflight
test.each<[string, Readonly<Record<string, Answer>>, Finding & { readonly name: string }]>([
  [
    "credentials that are over",
    {
      GetCallerIdentity: {
        status: 403,
        headers: { "content-type": "text/xml" },
        body: "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token is expired</Message></Error></ErrorResponse>",
      },
    },
    {
      name: "credentials",
      standing: "bad",
      said: "ExpiredToken, The token is expired",
      remedy:
        "Give --profile NAME or set AWS_PROFILE, sign in (aws sso login), and give --region NAME or set AWS_REGION.",
    },
  ],
  [
    "an account that is not prepared",
    { "DescribeStacks CDKToolkit": NO_STACK },
    {
      name: "bootstrap",
      standing: "bad",
      said: "this account and region are not prepared for cdk",
      remedy: "npx cdk bootstrap aws://123456789012/eu-central-1",
    },
  ],
  [
    "a preparation that is too old",
    { "DescribeStacks CDKToolkit": stack("CDKToolkit", "CREATE_COMPLETE") },
    {
      name: "bootstrap",
      standing: "bad",
      said: "CDKToolkit has the version none, and 6 is the least",
      remedy: "npx cdk bootstrap aws://123456789012/eu-central-1",
    },
  ],
  [
    "a new account's ten functions",
    {
      "/2016-08-19/account-settings": {
        status: 200,
        body: { AccountLimit: { ConcurrentExecutions: 10 } },
      },
    },
    {
      name: "concurrency",
      standing: "bad",
      said: "10 functions at once; three or four runs would throttle everything, sign-in included",
      remedy:
        "aws service-quotas request-service-quota-increase --region eu-central-1 --service-code lambda --quota-code L-B99A9384 --desired-value 1000",
    },
  ],
  [
    "a first deployment that failed",
    { "DescribeStacks SmarthomeScenes": stack("SmarthomeScenes", "ROLLBACK_COMPLETE") },
    {
      name: "stack",
      standing: "bad",
      said: "SmarthomeScenes is there and cannot be changed (ROLLBACK_COMPLETE)",
      remedy: "aws cloudformation delete-stack --stack-name SmarthomeScenes",
    },
  ],
  [
    "names that something else has",
    {
      "/gateways/": {
        status: 200,
        body: {
          items: [
            {
              gatewayId: "smarthome-gateway-0123456789",
              name: "smarthome-gateway",
              status: "READY",
              createdAt: "2026-11-27T00:00:00Z",
              updatedAt: "2026-11-27T00:00:00Z",
              authorizerType: "CUSTOM_JWT",
              protocolType: "MCP",
            },
          ],
        },
      },
      "/rules": { status: 200, body: { rules: [{ ruleName: "smarthome_record_change" }] } },
      "/policies": { status: 200, body: { policies: [{ policyName: "SmarthomeDevice" }] } },
      "/schedule-groups/smarthome-schedules": { status: 200, body: { Name: "x" } },
      "/2015-03-31/functions/smarthome-start-scheduled-scene": { status: 200, body: {} },
      "/2015-03-31/functions/smarthome-undo-partly-done": { status: 200, body: {} },
      DescribeLogGroups: {
        status: 200,
        body: {
          logGroups: [{ logGroupName: "/aws/vendedlogs/states/SmarthomeScenes-run-scene" }],
        },
      },
    },
    {
      name: "names",
      standing: "bad",
      said: "taken already: smarthome-gateway, smarthome_record_change, SmarthomeDevice, smarthome-schedules, smarthome-start-scheduled-scene, smarthome-undo-partly-done, /aws/vendedlogs/states/SmarthomeScenes-run-scene",
      remedy:
        "Delete what is left of an earlier stack, or deploy a stage of its own: npm run deploy -- -c stage=NAME",
    },
  ],
  [
    "a sign-in page's address that another pool has",
    {
      DescribeUserPoolDomain: {
        status: 200,
        body: { DomainDescription: { UserPoolId: "eu-central-1_Old" } },
      },
    },
    {
      name: "domain",
      standing: "bad",
      said: "smarthome-123456789012 belongs to the user pool eu-central-1_Old",
      remedy:
        "aws cognito-idp delete-user-pool-domain --domain smarthome-123456789012 --user-pool-id eu-central-1_Old",
    },
  ],
  [
    "what these credentials may not ask",
    {
      "/2016-08-19/account-settings": {
        status: 403,
        headers: { "x-amzn-errortype": "AccessDeniedException" },
        body: { Message: "no" },
      },
    },
    {
      name: "concurrency",
      standing: "unknown",
      said: "not told: AccessDeniedException, no",
      remedy: "Let these credentials do that, or have somebody look who may.",
    },
  ],
])("%s is named with what to do about it", async (_, spoiled, expected) => {
  const endpoint = await account(spoiled);
  const found: (Finding & { readonly name: string })[] = [];

  const { isWell } = await look(
    { endpoint, region: "eu-central-1", credentials: CREDENTIALS },
    undefined,
    (name, finding) => found.push({ name, ...finding }),
  );

  expect(found.find(({ name }) => name === expected.name)).toEqual(expected);
  expect(found.filter(({ standing }) => standing !== "good").length).toBeGreaterThanOrEqual(1);
  expect(isWell).toBe(false);
});

test("a stack that is there already keeps its names", async () => {
  const endpoint = await account({
    "DescribeStacks SmarthomeScenes": stack("SmarthomeScenes", "UPDATE_COMPLETE"),
    "/policies": { status: 200, body: { policies: [{ policyName: "SmarthomeDevice" }] } },
  });

  const outlook = await look(
    { endpoint, region: "eu-central-1", credentials: CREDENTIALS },
    undefined,
    () => undefined,
  );

  expect(outlook).toEqual({ isWell: true, isDeployed: true });
});

test("a name that is no stack of this project is refused in a line", async () => {
  const { code, output } = await runScript("preflight.ts", ["--stack", "Other"]);

  expect(output).toBe(
    '"Other" is no stack of this project: SmarthomeScenes, or SmarthomeScenes-STAGE\n',
  );
  expect(code).toBe(2);
});
