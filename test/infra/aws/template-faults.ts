import type { Template } from "#local/cloudformation/read-template.ts";
import { type ResolvedResource, resolveTemplate } from "#local/cloudformation/resolve-template.ts";
import { parsePool } from "#local/cognito/pool/parse-pool.ts";
import { parseGateway } from "#local/gateway/configuration/parse-gateway.ts";
import { parseRateLimit } from "#local/gateway/configuration/parse-rate-limit.ts";
import { parseTarget } from "#local/gateway/configuration/parse-target.ts";
import { parseRule } from "#local/iot/rules/parse-rule.ts";
import { checkDefinition } from "#local/step-functions/check/check-definition.ts";

const ACCOUNT = { region: "us-east-1", accountId: "000000000000" };
const IDENTITY = { ...ACCOUNT, stackName: "SmarthomeScenes", masterSecret: "secret" };

/** What functions of this stack run on, and who is trusted: each new one is a decision. */
const RUNTIMES = ["nodejs24.x"];
const PRINCIPALS = [
  "bedrock-agentcore.amazonaws.com",
  "iot.amazonaws.com",
  "lambda.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
];

/** Words that no prefix domain may hold. (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html) */
const RESERVED_WORDS = /aws|amazon|cognito/i;

type Properties = ResolvedResource["properties"];
type Look = (properties: Properties, name: string, all: readonly ResolvedResource[]) => unknown;

const refuseUnless = (holds: boolean, why: string): void => {
  if (!holds) throw new Error(why);
};

/** By type, what looks at a resource. Whoever finds a fault throws. */
const LOOKS: Readonly<Record<string, Look>> = {
  "AWS::IoT::TopicRule": (properties, name) => parseRule(name, properties),
  "AWS::BedrockAgentCore::Gateway": (properties, name) => parseGateway(name, properties),
  "AWS::BedrockAgentCore::GatewayTarget": (properties, name) => parseTarget(name, properties),
  "AWS::BedrockAgentCore::GatewayRateLimit": (properties, name) => parseRateLimit(name, properties),
  "AWS::Lambda::Function": ({ Runtime }) =>
    refuseUnless(RUNTIMES.includes(String(Runtime)), `Runtime ${String(Runtime)}`),
  "AWS::Cognito::UserPoolDomain": ({ Domain }) =>
    refuseUnless(!RESERVED_WORDS.test(String(Domain)), `Domain ${String(Domain)}`),
  "AWS::Cognito::UserPool": (properties, poolId, all) => {
    const ofType = (type: string) => all.filter((one) => one.type === type);
    return parsePool(
      {
        poolId,
        properties,
        resourceServers: ofType("AWS::Cognito::UserPoolResourceServer").map(
          (one) => one.properties,
        ),
        groups: [],
        clients: ofType("AWS::Cognito::UserPoolClient").map((one) => ({
          clientId: one.physical.ref,
          properties: one.properties,
        })),
      },
      ACCOUNT,
    );
  },
  "AWS::StepFunctions::StateMachine": ({ DefinitionString, StateMachineType }) => {
    const type = StateMachineType === "EXPRESS" ? "EXPRESS" : "STANDARD";
    const { diagnostics, notEmulated } = checkDefinition(String(DefinitionString), type);
    refuseUnless(
      diagnostics.length === 0 && notEmulated.length === 0,
      JSON.stringify([diagnostics, notEmulated]),
    );
  },
  "AWS::IAM::Role": ({ AssumeRolePolicyDocument }) => {
    const trusted = JSON.stringify(AssumeRolePolicyDocument).matchAll(/"Service":"([^"]*)"/g);
    for (const [, principal = ""] of trusted) {
      refuseUnless(PRINCIPALS.includes(principal), `Principal ${principal}`);
    }
  },
};

/** What is wrong with a template that CloudFormation's schemas let pass. */
export const templateFaults = (text: string): readonly string[] => {
  const { Resources } = JSON.parse(text) as {
    readonly Resources: Readonly<
      Record<string, { readonly Type: string; readonly Properties?: Properties }>
    >;
  };
  const template: Template = {
    stackName: IDENTITY.stackName,
    resources: Object.entries(Resources).map(([logicalId, { Type, Properties = {} }]) => ({
      logicalId,
      type: Type,
      properties: Properties,
    })),
    outputs: [],
    assetDirectory: (hash) => hash,
  };
  const resources = resolveTemplate(template, IDENTITY);
  return resources.flatMap(({ type, logicalId, physical, properties }) => {
    try {
      LOOKS[type]?.(properties, physical.ref, resources);
      return [];
    } catch (error) {
      return [`${logicalId}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
};
