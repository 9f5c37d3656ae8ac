import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { UpdateThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { requestRecord } from "#domain/audit/request-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import type { Device } from "#domain/home/device.ts";
import { OUTCOME_KEY, runKey } from "#domain/home/keys.ts";
import { parseScene } from "#domain/home/scene.ts";
import { commandDocument, commandHeader } from "#domain/run/command.ts";
import { devicesOf, planHash, planText } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { RUN_LIMIT_MS, runIdFor } from "#domain/run/run.ts";
import { type Check, NOTHING_TO_CHECK } from "./check.ts";
import { LAMP, SCENE } from "./check-home.ts";
import { fault, well } from "./finding.ts";
import { readShadow } from "./shadow.ts";
import type { Visit } from "./visit.ts";

const LOOK_EVERY_MS = 2_000;
// The sweeper comes every minute; a first start of it, and the scheduler, may take another.
const PATIENCE_MS = 150_000;

/**
 * A run whose workflow is gone is ended by the sweeper. An Express execution cannot be stopped, so the run is made as one
 * that was killed leaves it: its request is recorded, with a time that is over, and its command stands at the lamp.
 */
export const checkCutOffRun: Check = {
  name: "cut-off run",
  needs: ["throw-away home", "withdrawal"],
  look: async (visit) => {
    if (!visit.waitsForSweeper) {
      return {
        code: NOTHING_TO_CHECK,
        summary:
          "Not tried: it waits up to two and a half minutes for the sweeper. Ask for it with --cut-off-run.",
      };
    }
    const run = await leaveCutOffRun(visit);
    const outcome = await outcomeOf(visit, run);
    if (outcome === undefined) {
      return fault(
        "NotSwept",
        `The run ${run} was cut off, and nothing ended it in ${PATIENCE_MS / 1000} s.`,
        "Does the schedule RunSweeperEveryMinute run, and what does the log of sweep-runs say? The alarm RunsSwept rings for its silence, too.",
      );
    }
    const { desired } = await readShadow(visit);
    if (desired.command !== undefined || outcome.cutOff === undefined) {
      return fault(
        "CommandLeftStanding",
        `The run ${run} was ended, and ${outcome.cutOff === undefined ? "not as one that was cut off" : "its command still stands in the shadow"}.`,
        'The grants "sweep-runs may read shadows" and "sweep-runs may update shadows"; its log names the error.',
      );
    }
    return well(`${run} was ended (${String(outcome.result)}), and its command was taken back.`);
  },
};

const leaveCutOffRun = async ({ registry, home, thing }: Visit): Promise<string> => {
  const { thingPrefix, machineClientId } = registry;
  const caller = { sub: machineClientId, clientId: machineClientId, scopes: ["write"] as const };
  const lamp: Device = { id: LAMP, name: LAMP, thing, kind: "light", room: "Nowhere", aliases: [] };
  const scene = parseScene(
    {
      id: SCENE,
      name: "Lamp off",
      version: 1,
      stages: [{ name: "off", devices: { [LAMP]: { light: { on: false } } } }],
    },
    [lamp],
  );
  const plan = planScene(scene, { place: { home, thingPrefix }, devices: [lamp] }, []);
  const run = await runIdFor(home, caller, undefined, randomUUID());
  const now = Date.now();
  const record = requestRecord(
    home,
    {
      id: run,
      scene: SCENE,
      caller,
      role: "resident",
      reason: "npm run verify-deployment",
      requestedAt: new Date(now - RUN_LIMIT_MS).toISOString(),
    },
    await planHash(plan),
    devicesOf(plan),
  );
  // The command first: the sweeper may come as soon as the request is there.
  for (const { index, commands } of plan.stages) {
    for (const command of commands) {
      const document = commandDocument(command.want, commandHeader(run, index, command, now));
      await registry.iotData.send(
        new UpdateThingShadowCommand({
          thingName: command.thing,
          payload: new TextEncoder().encode(JSON.stringify(document)),
        }),
      );
    }
  }
  const stamp = stampOf(record.PK, now, registry.recordRetentionDays);
  await registry.dynamoDb.send(
    new PutItemCommand({
      TableName: registry.auditTable,
      Item: marshall({ ...record, plan: planText(plan), ...stamp }),
      ConditionExpression: "attribute_not_exists(PK)",
    }),
  );
  return run;
};

const outcomeOf = async (
  { registry, home }: Visit,
  run: string,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { Items: [item] = [] } = await registry.dynamoDb.send(
      new QueryCommand({
        TableName: registry.auditTable,
        KeyConditionExpression: "PK = :run AND SK = :outcome",
        ExpressionAttributeValues: {
          ":run": { S: runKey(home, run) },
          ":outcome": { S: OUTCOME_KEY },
        },
        ConsistentRead: true,
      }),
    );
    if (item !== undefined) return unmarshall(item);
    if (performance.now() > endsAt) return undefined;
    await pause(LOOK_EVERY_MS);
  }
};
