import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnResource } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import { afterAll, describe, expect, test } from "vitest";
import { SmarthomeScenes } from "#aws/smarthome-scenes.ts";
import cdk from "../../../cdk.json" with { type: "json" };
import { synthesizedTemplate } from "./synthesized.ts";
import { templateFaults } from "./template-faults.ts";

// Thirteen mistakes that a review planted: the first four CloudFormation's schemas find, the rest they let pass.
// REQ: planted-mistakes-refused
describe("npm run synth refuses", () => {
  const scratch = mkdtempSync(join(tmpdir(), "planted-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  const resourceOf = (stack: SmarthomeScenes, type: string): CfnResource => {
    const found = stack.node
      .findAll()
      .find((one: IConstruct) => one instanceof CfnResource && one.cfnResourceType === type);
    if (!(found instanceof CfnResource)) throw new Error(`no ${type}`);
    return found;
  };

  test("a dimension that there is not, too long instructions, a rule's name with a hyphen, eleven headers", () => {
    const app = new App({
      outdir: scratch,
      analyticsReporting: false,
      context: { ...cdk.context, "aws:cdk:bundling-stacks": [] },
    });
    const stack = new SmarthomeScenes(app);
    const plant = (type: string, path: string, value: unknown): void =>
      resourceOf(stack, type).addPropertyOverride(path, value);
    plant("AWS::BedrockAgentCore::GatewayRateLimit", "DimensionKeys.0", "$.context.moon");
    plant(
      "AWS::BedrockAgentCore::Gateway",
      "ProtocolConfiguration.Mcp.Instructions",
      "x".repeat(3000),
    );
    plant("AWS::IoT::TopicRule", "RuleName", "smart-home");
    plant(
      "AWS::BedrockAgentCore::GatewayTarget",
      "MetadataConfiguration.AllowedRequestHeaders",
      Array.from({ length: 11 }, (_, index) => `x-header-${index}`),
    );

    const refused = messageOf(() => app.synth());

    for (const what of [
      "ERROR DimensionKeys",
      "String length 3000 exceeds maximum 2048",
      "ERROR RuleName: 'smart-home' does not match",
      "ERROR MetadataConfiguration.AllowedRequestHeaders: expected maximum item count: 10, found: 11",
    ]) {
      expect(refused).toContain(what);
    }
  });

  const messageOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "nothing was thrown";
  };
});

describe("what the schemas let pass is found", () => {
  const { text } = synthesizedTemplate();

  test("and nothing in the template as it is", () => {
    expect(templateFaults(text)).toEqual([]);
  });

  test.each<readonly [string, string | RegExp, string, RegExp]>([
    ["a period of a fortnight", '"Period": "minute"', '"Period": "fortnight"', /GatewayRateLimit/],
    ["a protocol of 1999", '"2025-11-25"', '"1999-01-01"', /SupportedVersions/],
    ["SELEKT", /"Sql": "SELECT/, '"Sql": "SELEKT', /Sql is not understood/],
    ["a runtime that is not ours", '"nodejs24.x"', '"nodejs26.x"', /Runtime nodejs26.x/],
    [
      "a state that publishes by itself",
      "arn:aws:states:::dynamodb:putItem",
      "arn:aws:states:::aws-sdk:iotdataplane:publish",
      /iotdataplane/,
    ],
    [
      "a callback without https",
      '"http://localhost:8765/callback"',
      '"http://evil.example"',
      /evil\.example is not https/,
    ],
    ["aws in the sign-in domain", '"smarthome-', '"my-aws-home-', /Domain my-aws-home-/],
    [
      "Authorization among the headers",
      '"x-caller-sub"',
      '"Authorization"',
      /header that may not be passed on/,
    ],
    [
      "somebody else who is trusted",
      '"lambda.amazonaws.com"',
      '"nope.amazonaws.com"',
      /Principal nope\.amazonaws\.com/,
    ],
  ])("%s", (_, from, to, found) => {
    const spoiled = text.replaceAll(from instanceof RegExp ? new RegExp(from, "g") : from, to);

    expect(spoiled).not.toBe(text);
    expect(templateFaults(spoiled).join("\n")).toMatch(found);
  });
});
