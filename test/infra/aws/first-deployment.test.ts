import { expect, test } from "vitest";
import { synthesizedTemplate } from "./synthesized.ts";

interface Ordered {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: unknown;
}

const parseResources = (text: string): Readonly<Record<string, Ordered>> =>
  (JSON.parse(text) as { readonly Resources: Readonly<Record<string, Ordered>> }).Resources;

const resources = parseResources(synthesizedTemplate().text);

const idsOf = (type: string): readonly string[] =>
  Object.keys(resources).filter((id) => resources[id]?.Type === type);

/** What CloudFormation makes before a resource: what it says it depends on, and what it refers to. */
const before = (id: string): readonly string[] => {
  const { DependsOn = [], Properties = {} } = resources[id] ?? {};
  const text = JSON.stringify(Properties);
  const referred = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([A-Za-z0-9]+)"/g)].flatMap(
    ([, found]) => found ?? [],
  );
  return [...[DependsOn].flat(), ...referred].filter((each) => each in resources);
};

const allBefore = (id: string): ReadonlySet<string> => {
  const seen = new Set<string>();
  const walk = (one: string): void => {
    for (const each of before(one)) {
      if (seen.has(each)) continue;
      seen.add(each);
      walk(each);
    }
  };
  walk(id);
  return seen;
};

// REQ: first-deployment
test("the gateway is changed by one thing after the other, its rate limit last", () => {
  const targets = idsOf("AWS::BedrockAgentCore::GatewayTarget");
  const [rateLimit = ""] = idsOf("AWS::BedrockAgentCore::GatewayRateLimit");

  const earlierTargets = targets
    .map((id) => targets.filter((other) => allBefore(id).has(other)).length)
    .toSorted();

  expect(earlierTargets).toEqual([0, 1, 2]);
  expect(targets.filter((id) => allBefore(rateLimit).has(id))).toHaveLength(3);
});

// REQ: first-deployment
test("between a role and the rule or schedule that is tried with it, CloudFormation makes the gateway's targets", () => {
  const taking = [...idsOf("AWS::IoT::TopicRule"), ...idsOf("AWS::Scheduler::Schedule")];
  const targets = idsOf("AWS::BedrockAgentCore::GatewayTarget");

  const rolesOf = (id: string) =>
    before(id).filter((each) => resources[each]?.Type === "AWS::IAM::Role");
  const tooEarly = taking.filter(
    (id) =>
      !targets.every((target) => allBefore(id).has(target)) ||
      !rolesOf(id).every((role) => targets.every((target) => allBefore(target).has(role))),
  );

  expect(taking).toHaveLength(6);
  expect(taking.flatMap(rolesOf).length).toBeGreaterThanOrEqual(5);
  expect(tooEarly).toEqual([]);
});

// REQ: first-deployment
test("a first deployment leaves tables and users deletable, and the next one protects them", () => {
  const first = synthesizedTemplate({ isFirst: true }).text;

  expect(first).not.toContain('"DeletionProtectionEnabled": true');
  expect(first).toContain('"DeletionProtection": "INACTIVE"');
  expect(first).toContain('"DeletionPolicy": "RetainExceptOnCreate"');
  expect(synthesizedTemplate().text).not.toContain('"DeletionProtectionEnabled": false');
});
