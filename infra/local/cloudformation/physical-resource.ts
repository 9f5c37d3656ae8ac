import { createHmac } from "node:crypto";
import { clientSecretMark } from "./client-secret.ts";
import { notUnderstood } from "./read-template.ts";

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface PhysicalResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where a stack is deployed, and what makes its generated names its own: all that physical names come from. */
export interface StackIdentity {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** Generated ids are derived from it, so that they are the same after a restart and other than the neighbour's. */
  readonly masterSecret: string;
}

type Describe = (
  identity: StackIdentity,
  logicalId: string,
  /** A property that names the resource, if the template gives it. */
  given: (property: string) => string | undefined,
) => PhysicalResource;

// Ref and attributes of each type: the "Return values" section of its page in the CloudFormation template reference,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
const TYPES: Readonly<Record<string, Describe>> = {
  "AWS::DynamoDB::GlobalTable": (at, id, given) => {
    const name = given("TableName") ?? generatedName(at, id);
    return { ref: name, attributes: { Arn: arn(at, "dynamodb", `table/${name}`) } };
  },
  "AWS::Lambda::Function": (at, id, given) => {
    const name = given("FunctionName") ?? generatedName(at, id).slice(0, 64);
    return { ref: name, attributes: { Arn: arn(at, "lambda", `function:${name}`) } };
  },
  "AWS::Lambda::EventInvokeConfig": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::Lambda::Permission": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::IAM::Role": (at, id, given) => {
    const name = given("RoleName") ?? generatedName(at, id).slice(0, 64);
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:iam::${at.accountId}:role/${name}`,
        RoleId: `AROA${derived(at, id, 17).toUpperCase()}`,
      },
    };
  },
  "AWS::IAM::Policy": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::Logs::LogGroup": (at, id, given) => {
    const name = given("LogGroupName") ?? generatedName(at, id);
    return { ref: name, attributes: { Arn: arn(at, "logs", `log-group:${name}:*`) } };
  },
  "AWS::Logs::ResourcePolicy": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::StepFunctions::StateMachine": (at, id, given) => {
    const name = given("StateMachineName") ?? generatedName(at, id).slice(0, 80);
    const stateMachineArn = arn(at, "states", `stateMachine:${name}`);
    return { ref: stateMachineArn, attributes: { Arn: stateMachineArn, Name: name } };
  },
  "AWS::Cognito::UserPool": (at, id) => {
    const poolId = `${at.region}_${derived(at, id, 9)}`;
    const provider = `cognito-idp.${at.region}.amazonaws.com/${poolId}`;
    return {
      ref: poolId,
      attributes: {
        Arn: arn(at, "cognito-idp", `userpool/${poolId}`),
        ProviderName: provider,
        ProviderURL: `https://${provider}`,
        UserPoolId: poolId,
      },
    };
  },
  "AWS::Cognito::UserPoolClient": (at, id, given) => {
    const clientId = derived(at, id, 26);
    return {
      ref: clientId,
      attributes: {
        ClientId: clientId,
        ClientSecret: clientSecretMark(clientId),
        Name: given("ClientName") ?? generatedName(at, id),
      },
    };
  },
  "AWS::Cognito::UserPoolDomain": (at, id, given) =>
    nameOnly(given("Domain") ?? generatedName(at, id).toLowerCase()),
  "AWS::Cognito::UserPoolResourceServer": (at, id, given) =>
    nameOnly(given("Identifier") ?? generatedName(at, id)),
  "AWS::Cognito::UserPoolGroup": (at, id, given) =>
    nameOnly(given("GroupName") ?? generatedName(at, id)),
  "AWS::Cognito::ManagedLoginBranding": (at, id) => nameOnly(derived(at, id, 32)),
  "AWS::IoT::TopicRule": (at, id, given) => {
    const name = given("RuleName") ?? generatedName(at, id).replaceAll("-", "_");
    return { ref: name, attributes: { Arn: arn(at, "iot", `rule/${name}`) } };
  },
  "AWS::IoT::Policy": (at, id, given) => {
    const name = given("PolicyName") ?? generatedName(at, id);
    return { ref: name, attributes: { Arn: arn(at, "iot", `policy/${name}`), Id: name } };
  },
  "AWS::Scheduler::ScheduleGroup": (at, id, given) => {
    const name = given("Name") ?? generatedName(at, id).slice(0, 64);
    return {
      ref: name,
      attributes: { Arn: arn(at, "scheduler", `schedule-group/${name}`), State: "ACTIVE" },
    };
  },
  "AWS::Scheduler::Schedule": (at, id, given) => {
    const name = given("Name") ?? generatedName(at, id).slice(0, 64);
    const group = given("GroupName") ?? "default";
    return { ref: name, attributes: { Arn: arn(at, "scheduler", `schedule/${group}/${name}`) } };
  },
  // Declared, and looked at once (../stack/check-alarms.ts): nobody counts the metrics that they would ring for.
  "AWS::CloudWatch::Alarm": (at, id, given) => {
    const name = given("AlarmName") ?? generatedName(at, id);
    return { ref: name, attributes: { Arn: arn(at, "cloudwatch", `alarm:${name}`) } };
  },
  "AWS::CloudWatch::Dashboard": (at, id, given) =>
    nameOnly(given("DashboardName") ?? generatedName(at, id)),
  "AWS::SNS::Topic": (at, id, given) => {
    const name = given("TopicName") ?? generatedName(at, id);
    const topicArn = arn(at, "sns", name);
    return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
  },
  "AWS::KMS::Key": (at, id) => {
    const keyId = uuidOf(derived(at, id, 32));
    return { ref: keyId, attributes: { Arn: arn(at, "kms", `key/${keyId}`), KeyId: keyId } };
  },
  "AWS::SQS::Queue": (at, id, given) => {
    const name = given("QueueName") ?? generatedName(at, id).slice(0, 80);
    const url = `https://sqs.${at.region}.amazonaws.com/${at.accountId}/${name}`;
    return {
      ref: url,
      attributes: { Arn: arn(at, "sqs", name), QueueName: name, QueueUrl: url },
    };
  },
  "AWS::SQS::QueuePolicy": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::SecretsManager::Secret": (at, id, given) => {
    const name = given("Name") ?? generatedName(at, id);
    const secretArn = arn(at, "secretsmanager", `secret:${name}-${derived(at, id, 6)}`);
    return { ref: secretArn, attributes: { Id: secretArn } };
  },
  "AWS::S3::Bucket": (at, id, given) => {
    const name =
      given("BucketName") ??
      `${generatedName(at, id).toLowerCase().slice(0, 50)}-${derived(at, id, 12)}`;
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${at.region}.amazonaws.com`,
      },
    };
  },
  "AWS::S3::BucketPolicy": (at, id) => nameOnly(generatedName(at, id)),
  "AWS::CloudFront::Distribution": (at, id) => {
    const distributionId = `E${derived(at, id, 13).toUpperCase()}`;
    const DomainName = `d${derived(at, `${id}/domain`, 13)}.cloudfront.net`;
    return { ref: distributionId, attributes: { Id: distributionId, DomainName } };
  },
  "AWS::CloudFront::Function": (at, id, given) => {
    const functionArn = `arn:aws:cloudfront::${at.accountId}:function/${given("Name") ?? id}`;
    return { ref: functionArn, attributes: { FunctionARN: functionArn } };
  },
  "AWS::CloudFront::ResponseHeadersPolicy": (at, id) => {
    const policyId = uuidOf(derived(at, id, 32));
    return { ref: policyId, attributes: { Id: policyId } };
  },
  "AWS::CloudFront::OriginAccessControl": (at, id) => {
    const controlId = `E${derived(at, id, 13).toUpperCase()}`;
    return { ref: controlId, attributes: { Id: controlId } };
  },
  "AWS::BedrockAgentCore::Gateway": (at, id, given) => {
    const gatewayId = `${(given("Name") ?? id).toLowerCase()}-${derived(at, id, 10)}`;
    const gatewayArn = arn(at, "bedrock-agentcore", `gateway/${gatewayId}`);
    return {
      ref: gatewayArn,
      attributes: {
        GatewayIdentifier: gatewayId,
        GatewayArn: gatewayArn,
        GatewayUrl: `https://${gatewayId}.gateway.bedrock-agentcore.${at.region}.amazonaws.com/mcp`,
        Status: "READY",
      },
    };
  },
  "AWS::BedrockAgentCore::GatewayTarget": (at, id) => {
    const targetId = derived(at, id, 10).toUpperCase();
    return { ref: targetId, attributes: { TargetId: targetId, Status: "READY" } };
  },
  "AWS::BedrockAgentCore::GatewayRateLimit": (at, id) => nameOnly(derived(at, id, 10)),
};

// CDK's own bookkeeping deploys nothing.
const IGNORED = new Set(["AWS::CDK::Metadata"]);

/** Does a resource of this type deploy something? */
export const isDeployed = (type: string): boolean => !IGNORED.has(type);

/**
 * Names a resource as CloudFormation would.
 * @throws LocalError `TemplateNotUnderstood` for a type that the local stack does not know
 */
export const physicalResource = (
  identity: StackIdentity,
  type: string,
  logicalId: string,
  given: (property: string) => string | undefined,
): PhysicalResource => {
  const describe = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (describe === undefined) {
    throw notUnderstood(`${logicalId} is of the type ${type}, which is not imitated.`);
  }
  return describe(identity, logicalId, given);
};

const arn = (at: StackIdentity, service: string, resource: string): string =>
  `arn:aws:${service}:${at.region}:${at.accountId}:${resource}`;

const nameOnly = (ref: string): PhysicalResource => ({ ref, attributes: {} });

const generatedName = (at: StackIdentity, logicalId: string): string =>
  `${at.stackName}-${logicalId}`;

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Letters and digits that depend on the data directory and the resource, and on nothing else. */
const derived = (at: StackIdentity, logicalId: string, length: number): string => {
  const bytes = createHmac("sha256", at.masterSecret).update(`id/${logicalId}`).digest();
  return Array.from({ length }, (_, i) => ALPHABET[(bytes[i] ?? 0) % 36]).join("");
};

/** Letters and digits in the form of a UUID. */
const uuidOf = (letters: string): string => {
  const digits = Buffer.from(letters).toString("hex").slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
