// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
import {
  AwsError,
  type AwsRequest,
  type AwsService,
  notEmulated,
} from "#local/wire/aws-service.ts";
import type { CognitoContext } from "../pool/context.ts";
import type { Pool } from "../pool/pool.ts";
import { adminAddUserToGroup } from "./admin-add-user-to-group.ts";
import { adminCreateUser } from "./admin-create-user.ts";
import { adminGetUser } from "./admin-get-user.ts";
import { adminRemoveUserFromGroup } from "./admin-remove-user-from-group.ts";
import { adminSetUserPassword } from "./admin-set-user-password.ts";
import { describeUserPool } from "./describe-user-pool.ts";
import { describeUserPoolClient } from "./describe-user-pool-client.ts";
import { listUserPoolClients } from "./list-user-pool-clients.ts";
import { listUsers } from "./list-users.ts";
import type { Operation } from "./operation.ts";

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["AdminAddUserToGroup", adminAddUserToGroup],
  ["AdminCreateUser", adminCreateUser],
  ["AdminGetUser", adminGetUser],
  ["AdminRemoveUserFromGroup", adminRemoveUserFromGroup],
  ["AdminSetUserPassword", adminSetUserPassword],
  ["DescribeUserPool", describeUserPool],
  ["DescribeUserPoolClient", describeUserPoolClient],
  ["ListUserPoolClients", listUserPoolClients],
  ["ListUsers", listUsers],
]);

interface Parsed {
  readonly name: string;
  readonly operation: Operation;
  readonly pool: Pool;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The user-pool API behind the AWS endpoint. */
export const userPoolApi = (cognito: CognitoContext): AwsService => ({
  signingNames: ["cognito-idp"],
  errorProtocol: "json",
  requiredPermissions: (request) => {
    const { name, pool } = parse(cognito, request);
    return [{ action: `cognito-idp:${name}`, resource: pool.arn }];
  },
  handle: async (request) => {
    const { operation, pool, input } = parse(cognito, request);
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(await operation(cognito, pool, input)),
    };
  },
});

const parse = (cognito: CognitoContext, request: AwsRequest): Parsed => {
  const name = request.headers["x-amz-target"]?.split(".")[1] ?? "";
  const operation = OPERATIONS.get(name);
  if (operation === undefined) throw notEmulated("Cognito", name);
  const input = parseBody(request.body);
  const pool = cognito.pools.get(String(input.UserPoolId));
  if (pool === undefined) {
    const text = `User pool ${String(input.UserPoolId)} does not exist.`;
    throw new AwsError("ResourceNotFoundException", text);
  }
  return { name, operation, pool, input };
};

const parseBody = (body: Buffer): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Readonly<Record<string, unknown>>;
    }
  } catch {
    // The same answer as for JSON that is not an object.
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object.");
};
