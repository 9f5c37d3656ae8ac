import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { sentAgain } from "../support/sent-again.ts";

// An asynchronous start of an Express workflow is delivered at least once: here always twice, at the same moment.
describe("with every asynchronous start delivered twice", () => {
  let house: Journey;
  beforeAll(async () => {
    house = await startJourney({ deliverAsyncStartsTwice: true });
  });
  afterAll(() => house?.close());

  test("goodnight through the gateway is as it was: its start is synchronous, and at most once", async () => {
    const result = await house.client.callTool("run_scene", { scene: "goodnight" });

    expect(result).toMatchObject({ result: "done", devices: 14 });
  });

  // REQ: delivered-twice
  test("a run that is started asynchronously commands each device once and is concluded once", async () => {
    // What the tool's function would hand over, with a run id of its own.
    const earlier = await house.client.callTool("run_scene", { scene: "movie night" });
    const recorded = await house.auditOf(String(earlier.run_id));
    const request: Readonly<Record<string, unknown>> | undefined = recorded.find(
      (item) => item.SK === "RUN",
    );
    const run = "run_00000000000000000001";
    const requestedAt = new Date().toISOString();
    const { plan, ...rest } = request ?? {};
    const record = { ...rest, PK: `HOME#home#RUN#${run}`, run, requestedAt };
    const { aws, resources } = house.home.stack;
    const client = new SFNClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: aws.credentials,
    });
    const commands = await house.countMessages("$aws/things/+/shadow/update/delta", (text) =>
      text.includes(run),
    );

    await client.send(
      new StartExecutionCommand({
        stateMachineArn:
          resources.find((one) => one.type === "AWS::StepFunctions::StateMachine")?.name ?? "",
        input: JSON.stringify({
          home: "home",
          run: { id: run, requestedAt },
          record: marshall(record),
          plan,
          planHash: request?.planHash,
        }),
      }),
    );

    await expect
      .poll(async () => (await house.auditOf(run)).map((item) => item.SK), { timeout: 20_000 })
      .toContain("OUTCOME");
    const records = await house.auditOf(run);
    const outcome = records.find((item) => item.SK === "OUTCOME");
    expect(outcome).toMatchObject({ result: "done" });
    expect(outcome?.devices).toHaveLength(6);
    expect(commands()).toBe(6 + sentAgain(records));
    client.destroy();
  });
});
