import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { type AwsEndpoint, startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createCloudWatchLogs } from "#local/logs/cloudwatch-logs.ts";
import { createStepFunctions } from "#local/step-functions/step-functions.ts";
import { type AwsAccess, callAws } from "#local/wire/aws-call.ts";
import type { AwsRequest, AwsService } from "#local/wire/aws-service.ts";
import { callJson } from "#local/wire/call-json.ts";
import { CLOUDWATCH_LOGS, DYNAMODB, type JsonApi, STEP_FUNCTIONS } from "#local/wire/json-api.ts";

const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
const place = { region: "us-east-1", accountId: "000000000000" };
const directory = mkdtempSync(join(tmpdir(), "understood-once-"));
const steps: string[] = [];
let endpoint: AwsEndpoint;
let access: AwsAccess;

beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: () => ({ caller: { arn: "arn:aws:iam::000000000000:user/test" }, credentials }),
      decide: (_caller, { action, resource }) => {
        steps.push(`asked for ${action}`);
        return resource === "forbidden" ? { allowed: false, because: "no" } : { allowed: true };
      },
    },
  });
  access = { endpoint: endpoint.url, region: "us-east-1", credentials };
});
afterAll(async () => {
  await endpoint.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("the endpoint has a request understood once, then asks IAM, then has it carried out", () => {
  const played: AwsService = {
    signingNames: ["played"],
    errorProtocol: "rest-json",
    understand: ({ path }) => {
      steps.push("understood");
      return {
        permissions: [
          { action: "played:Look", resource: "*" },
          { action: "played:Touch", resource: path.slice(1) },
        ],
        carryOut: () => {
          steps.push("carried out");
          return { status: 200, headers: {}, body: "" };
        },
      };
    },
  };

  test.each([
    [
      "allowed",
      200,
      ["understood", "asked for played:Look", "asked for played:Touch", "carried out"],
    ],
    ["forbidden", 403, ["understood", "asked for played:Look", "asked for played:Touch"]],
  ])("one that is %s", async (name, status, expected) => {
    endpoint.register(played);
    steps.length = 0;

    const answer = await callAws(access, {
      service: "played",
      method: "GET",
      path: `/${name}`,
      body: "",
    });

    expect(answer.status).toBe(status);
    expect(steps).toEqual(expected);
  });
});

describe("a service that speaks AWS JSON reads a body once", () => {
  /** The service, counting how often the text of a body is asked for. */
  const counted = (service: AwsService): { service: AwsService; reads: () => number } => {
    let count = 0;
    return {
      reads: () => count,
      service: {
        ...service,
        understand: (request: AwsRequest) => {
          const body = Buffer.from(request.body);
          body.toString = (encoding, start, end) => {
            count += 1;
            return request.body.toString(encoding, start, end);
          };
          return service.understand({ ...request, body });
        },
      },
    };
  };

  test.each<[string, JsonApi, () => Promise<{ service: AwsService; close?(): Promise<void> }>]>([
    [
      "ListTables",
      DYNAMODB,
      () => openDynamoDb({ ...place, file: join(directory, "dynamodb.sqlite") }),
    ],
    [
      "ListStateMachines",
      STEP_FUNCTIONS,
      async () => createStepFunctions({ ...place, access: () => access }),
    ],
    [
      "CreateLogStream",
      CLOUDWATCH_LOGS,
      async () => ({
        service: createCloudWatchLogs({ ...place, directory, logGroups: ["/home"] }),
      }),
    ],
  ])("%s", async (operation, api, open) => {
    const opened = await open();
    const { service, reads } = counted(opened.service);
    endpoint.register(service);

    const answer = await callJson(access, api, operation, {
      ...(api === CLOUDWATCH_LOGS ? { logGroupName: "/home", logStreamName: "hall" } : {}),
    });
    await opened.close?.();

    expect(answer.status).toBe(200);
    expect(reads()).toBe(1);
  });
});
