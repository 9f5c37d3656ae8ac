import {
  type AwsEndpoint,
  type CarriedOutCall,
  startAwsEndpoint,
} from "#local/endpoint/aws-endpoint.ts";
import { createIam, type Iam, type RoleDescription } from "#local/iam/iam.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";
export const OPERATOR = { accessKeyId: "AKIAOPERATOR", secretAccessKey: "operator-secret" };

/** An endpoint on a free port, whose IAM knows these roles. */
export interface TestEndpoint extends AwsEndpoint {
  readonly iam: Iam;
  readonly lines: string[];
  readonly calls: readonly CarriedOutCall[];
  /** What an SDK client is made with, as the operator. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: 1;
    readonly credentials: typeof OPERATOR;
  };
}

export const startTestEndpoint = async (
  roles: readonly RoleDescription[] = [],
): Promise<TestEndpoint> => {
  const iam = createIam({ accountId: ACCOUNT, masterSecret: "test", operator: OPERATOR, roles });
  const lines: string[] = [];
  const calls: CarriedOutCall[] = [];
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam,
    log: (line) => lines.push(line),
    onCall: (call) => calls.push(call),
  });
  const client = {
    endpoint: endpoint.url,
    region: REGION,
    maxAttempts: 1,
    credentials: OPERATOR,
  } as const;
  return { ...endpoint, iam, lines, calls, client };
};

/** A role that trusts one service and has one policy. */
export const role = (
  name: string,
  statements: readonly unknown[],
  service = "lambda.amazonaws.com",
): RoleDescription => ({
  arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  name,
  assumeRolePolicyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  },
  policies: [{ name: "policy", document: { Version: "2012-10-17", Statement: statements } }],
  managedPolicyArns: [],
});
