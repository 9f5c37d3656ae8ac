import { expect, onTestFinished, test } from "vitest";
import type { GrantName } from "#aws/grants.ts";
import { assemblyWithout } from "../support/assembly-without.ts";
import { type Journey, startJourney } from "../support/journey.ts";

const houseWithout = async (grant: GrantName): Promise<Journey> => {
  const house = await startJourney({ assembly: assemblyWithout({ leaveOutGrants: [grant] }) });
  onTestFinished(() => house.close());
  return house;
};

// REQ: roles-enforced
test("without PutItem on the audit table the run fails before anything is sent, and role, action and table are named", async () => {
  const house = await houseWithout("run-scene may put audit records");

  const answer = await house.client.callTool("run_scene", { scene: "goodnight" });

  expect(answer.error).toMatchObject({ code: "RunFailed" });
  expect((answer.error as { message: string }).message).toContain(
    "(DynamoDB.AmazonDynamoDBException, AccessDeniedException)",
  );
  expect(house.logged.join("\n")).toMatch(
    /AccessDeniedException.*assumed-role\/\S*RunScene\S* is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/\S*AuditTable/,
  );
  expect((await house.shadowOf("hall_lamp")).desired).toBeUndefined();
});

test("without Publish no device is commanded, and each says so", async () => {
  const house = await houseWithout("publish-commands may publish");

  const answer = await house.client.callTool("run_scene", { scene: "goodnight" });

  expect(answer.result).toBe("stopped");
  expect(answer.devices_not_confirmed).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        device: "front_door",
        outcome: "not_sent",
        reason: "AccessDeniedException",
      }),
    ]),
  );
  expect(house.logged.join("\n")).toMatch(
    /AccessDeniedException.*assumed-role\/\S*PublishCommands\S* is not authorized to perform: iot:Publish on resource: arn:aws:iot:us-east-1:000000000000:topic\/\$aws\/things\/home-front_door\/shadow\/update/,
  );
});

test("without the right to start the workflow no run begins", async () => {
  const house = await houseWithout("home may run scenes");

  // The gateway tells of a function's error only that there was one.
  expect(await house.client.callTool("run_scene", { scene: "goodnight" })).toMatchObject({
    error: { code: "NoAnswer" },
  });

  expect(house.logged.join("\n")).toMatch(
    /AccessDeniedException.*assumed-role\/\S*Home\S* is not authorized to perform: states:StartSyncExecution on resource: arn:aws:states:us-east-1:000000000000:stateMachine:/,
  );
});

test("without the rule's PutItem no acknowledgement counts, because none is recorded", async () => {
  const house = await houseWithout("iot-rule may put acknowledgements");

  const answer = await house.client.callTool("run_scene", {
    scene: "movie_night",
    except: ["living room blinds"],
  });

  expect(["failed", "stopped"]).toContain(answer.result);
  expect(answer.confirmed).toBe(0);
  expect(house.logged.join("\n")).toMatch(/is not authorized to perform: dynamodb:PutItem/);
});
