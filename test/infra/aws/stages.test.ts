import { describe, expect, test } from "vitest";
import { at, objectsOf, propertiesOf, resourcesOf, synthesizedTemplate } from "./synthesized.ts";

const IOT = "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>";
const SCHEDULER = "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>";
const standard = synthesizedTemplate();
const dev = synthesizedTemplate({ stage: "dev" });

test("a stage's name stands in every name that is the account's", () => {
  expect(propertiesOf(dev, "ToolGateway").Name).toBe("smarthome-gateway-dev");
  expect(at(propertiesOf(dev, "DevicePolicySmarthomeDevice"), "PolicyName")).toBe(
    "SmarthomeDevice-dev",
  );
  expect(
    [...resourcesOf(dev, "AWS::IoT::TopicRule").values()].map(({ RuleName }) => RuleName),
  ).toEqual([
    "smarthome_dev_record_acknowledgement",
    "smarthome_dev_record_change",
    "smarthome_dev_republish_last_will",
  ]);
  expect(propertiesOf(dev, "SignInUserPoolDomain").Domain).toBe("smarthome-dev-<AWS::AccountId>");
  expect(propertiesOf(dev, "SchedulesGroup").Name).toBe("smarthome-schedules-dev");
  expect(propertiesOf(dev, "ScheduledScenesStartScheduledSceneFunction").FunctionName).toBe(
    "smarthome-start-scheduled-scene-dev",
  );
  expect(propertiesOf(dev, "RunSceneLog").LogGroupName).toBe(
    "/aws/vendedlogs/states/SmarthomeScenes-dev-run-scene",
  );
});

test("no resource of a stage has a name that the default stage has too", () => {
  const NAMES = ["Name", "PolicyName", "RuleName", "Domain", "LogGroupName", "FunctionName"];
  const SHARED = new Set([
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::BedrockAgentCore::GatewayTarget",
    // Its group has the stage's name.
    "AWS::Scheduler::Schedule",
  ]);
  const namesOf = (template: typeof dev) =>
    [...template.resources.values()]
      .filter(({ type }) => !SHARED.has(type))
      .flatMap(({ type, properties }) =>
        NAMES.flatMap((name) =>
          typeof properties[name] === "string" && !properties[name].startsWith("<")
            ? [`${type} ${properties[name]}`]
            : [],
        ),
      );

  const names = namesOf(standard);

  expect(names.length).toBe(10);
  expect(namesOf(dev).filter((name) => names.includes(name))).toEqual([]);
});

test("roles may be taken for the stage's own rules and gateway only", () => {
  const sources = [...resourcesOf(dev, "AWS::IAM::Role")].flatMap(([role, properties]) =>
    objectsOf(at(properties, "AssumeRolePolicyDocument", "Statement")).flatMap((statement) => {
      const source = at(statement, "Condition", "ArnLike", "aws:SourceArn");
      return source === undefined ? [] : [[role, source] as const];
    }),
  );

  expect(Object.fromEntries(sources)).toMatchObject({
    SchedulesRole: `${SCHEDULER}:schedule-group/smarthome-schedules-dev`,
    ScheduledScenesRefreshRole: `${SCHEDULER}:schedule-group/smarthome-schedules-dev`,
    ToolGatewayRole:
      "arn:<AWS::Partition>:bedrock-agentcore:<AWS::Region>:<AWS::AccountId>:gateway/smarthome-gateway-dev-??????????",
    TopicRulesPutAcknowledgements: [`${IOT}:rule/smarthome_dev_record_acknowledgement`],
    TopicRulesRepublishLastWills: [`${IOT}:rule/smarthome_dev_republish_last_will`],
  });
});

test("a stage's roles reach the stage's things alone, the default's roles any", () => {
  const things = (template: typeof dev) =>
    [...resourcesOf(template, "AWS::IAM::Role").values()].flatMap((properties) =>
      objectsOf(properties.Policies).flatMap((policy) =>
        objectsOf(at(policy, "PolicyDocument", "Statement"))
          .map(({ Resource }) => String(Resource))
          .filter((resource) => resource.startsWith(IOT)),
      ),
    );

  // Not dev-*, which is also the default stage's home "dev".
  expect(things(dev).sort()).toEqual(
    [
      `${IOT}:thing/dev-*-*`,
      `${IOT}:thing/dev-*-*`,
      `${IOT}:thing/dev-*-*`,
      `${IOT}:thing/dev-*-*`,
      `${IOT}:thing/dev-*-*`,
      `${IOT}:thing/dev-*-*`,
      `${IOT}:topic/$aws/things/dev-*-*/shadow/update`,
      `${IOT}:topic/$aws/things/dev-*-*/shadow/update`,
    ].sort(),
  );
  expect(things(standard).sort()).toEqual(
    [
      `${IOT}:thing/*`,
      `${IOT}:thing/*`,
      `${IOT}:thing/*`,
      `${IOT}:thing/*`,
      `${IOT}:thing/*`,
      `${IOT}:thing/*`,
      `${IOT}:topic/$aws/things/*/shadow/update`,
      `${IOT}:topic/$aws/things/*/shadow/update`,
    ].sort(),
  );
});

test("the functions that name things are told what stands before them", () => {
  const prefixes = (template: typeof dev) =>
    [...resourcesOf(template, "AWS::Lambda::Function")].flatMap(([id, properties]) => {
      const prefix = at(properties, "Environment", "Variables", "THING_PREFIX");
      return prefix === undefined ? [] : [[id, prefix] as const];
    });

  const functions = [
    "RunScenePublishCommandsFunction",
    "RunSceneAwaitAcknowledgementsFunction",
    "RunSceneConcludeRunFunction",
    "RunSceneUndoPartlyDoneFunction",
    "RunSweeperSweepRunsFunction",
    "HomeFunction",
    "AuditToolsFunction",
  ];
  expect(prefixes(dev)).toEqual(functions.map((id) => [id, "dev-"]));
  expect(prefixes(standard)).toEqual(functions.map((id) => [id, ""]));
});

test("commands are told it by an output, which the default stage does not have", () => {
  expect(dev.outputs.ThingPrefix).toBe("dev-");
  expect(Object.keys(standard.outputs)).not.toContain("ThingPrefix");
});

test("but for these names and things, a stage is the default stage", () => {
  const ids = (template: typeof dev) => [...template.resources.keys()];

  expect(ids(dev)).toEqual(ids(standard));
});

describe("the stage", () => {
  test.for([
    "",
    "Dev",
    "1dev",
    "de-v",
    "de_v",
    "dév",
    "abcdefghijklm",
    "dev ",
    "__proto__",
    "myaws",
    "amazon1",
    "cognito",
    "dev\n",
  ])("is not %j, and the error says what it may be", (stage) => {
    expect(() => synthesizedTemplate({ stage })).toThrow(
      `${JSON.stringify(stage)} is no stage: 1 to 12 of a to z and 0 to 9`,
    );
  });

  test.for(["a", "dev", "prod2", "abcdefghijkl"])("may be %s", (stage) => {
    const template = synthesizedTemplate({ stage });

    expect(propertiesOf(template, "ToolGateway").Name).toBe(`smarthome-gateway-${stage}`);
  });
});
