import { describe, expect, test } from "vitest";
import { propertiesOf, resourcesOf, synthesizedTemplate } from "./synthesized.ts";

// What Step Functions can call and this project does. CDK and the validators accept any name after `aws-sdk:`, and
// AWS refuses some of them only when the state machine is created: `aws-sdk:iotdataplane:*` above all.
const ALLOWED_RESOURCES = ["arn:aws:states:::lambda:invoke", "arn:aws:states:::dynamodb:putItem"];

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly ItemProcessor?: Definition;
  readonly Branches?: readonly Definition[];
}

interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

const parseDefinition = (text: unknown): Definition => JSON.parse(String(text)) as Definition;

/** All states by name, those inside of Maps and Parallels too. */
const statesOf = (definition: Definition): readonly (readonly [string, State])[] =>
  Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as const,
    ...[state.ItemProcessor ?? [], state.Branches ?? []].flat().flatMap(statesOf),
  ]);

const template = synthesizedTemplate();
const machine = propertiesOf(template, "RunSceneStateMachine");

describe("run-scene", () => {
  test("is an Express workflow, logs what failed, without data, and is traced", () => {
    const { DefinitionString, DefinitionSubstitutions, ...properties } = machine;

    expect(resourcesOf(template, "AWS::StepFunctions::StateMachine").size).toBe(1);
    expect(properties).toEqual({
      StateMachineType: "EXPRESS",
      RoleArn: "<RunSceneRole.Arn>",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: {
        Level: "ERROR",
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: "<RunSceneLog.Arn>" } }],
      },
    });
    expect(propertiesOf(template, "RunSceneLog").LogGroupName).toBe(
      "/aws/vendedlogs/states/SmarthomeScenes-run-scene",
    );
  });

  // REQ: supported-integrations
  test("calls only what Step Functions can call", () => {
    const states = statesOf(parseDefinition(machine.DefinitionString));

    const resources = states.flatMap(([name, { Resource }]) =>
      Resource === undefined || ALLOWED_RESOURCES.includes(Resource) ? [] : [[name, Resource]],
    );
    expect(states.length).toBeGreaterThan(3);
    expect(resources).toEqual([]);
  });

  test("waits for no task without end", () => {
    const states = statesOf(parseDefinition(machine.DefinitionString));

    const endless = states.filter(
      ([, { Type, TimeoutSeconds }]) => Type === "Task" && TimeoutSeconds === undefined,
    );
    expect(endless.map(([name]) => name)).toEqual([]);
  });

  test("gets every placeholder of its definition, and no other", () => {
    const used = new Set(
      [...String(machine.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name),
    );

    expect(machine.DefinitionSubstitutions).toEqual({
      PublishCommandsFunctionArn: "<RunScenePublishCommandsFunction.Arn>",
      AwaitAcknowledgementsFunctionArn: "<RunSceneAwaitAcknowledgementsFunction.Arn>",
      ConcludeRunFunctionArn: "<RunSceneConcludeRunFunction.Arn>",
      UndoPartlyDoneFunctionArn:
        "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:smarthome-undo-partly-done",
      AuditTableName: "<TablesAuditTable>",
    });
    expect(used).toEqual(
      new Set([
        "PublishCommandsFunctionArn",
        "AwaitAcknowledgementsFunctionArn",
        "ConcludeRunFunctionArn",
        "UndoPartlyDoneFunctionArn",
        "AuditTableName",
      ]),
    );
  });
});
