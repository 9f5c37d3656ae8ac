import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetThingShadowCommand, IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import fc from "fast-check";
import { connectAsync } from "mqtt";
import { parseHomeId } from "#domain/home/home-id.ts";
import { runIdFor } from "#domain/run/run.ts";
import type { Endpoints } from "../../scripts/command/endpoints.ts";
import type { ToolAnswer } from "../../scripts/command/home-client.ts";
import { runScript } from "./command.ts";
import { ask, type StackProcess, startStack } from "./stack-process.ts";

// What was under way is taken up at start, and tried for longer than this only when a service stays away.
const LONGEST_RESUME_MS = 10_000;
// The home's devices answer one by one, and each answer is recorded within milliseconds; a crowd that answers at the
// moment of the kill leaves many on their way.
const CROWD = 100;
const CROWD_HEARD = 20;

const SEED = 10;

/** Numbers of accepted acknowledgements after which goodnight is still going on: it has fourteen. */
export const seededMoments = (rounds: number): readonly number[] =>
  fc.sample(fc.noBias(fc.integer({ min: 1, max: 13 })), { numRuns: rounds, seed: SEED });

/** An acknowledgement that a device was told is accepted. */
interface Accepted {
  readonly thing: string;
  readonly command: { readonly id: string; readonly run: string; readonly stage: number };
}

/** What was found after one kill of a stack in the middle of goodnight. */
export interface KillReport {
  /** Acknowledgements that were answered accepted before the process was gone. */
  readonly accepted: number;
  /** Those of them that the shadow does not show after the restart. */
  readonly notInShadow: readonly string[];
  /** Those of them that are not in the audit table after the restart. */
  readonly notInAudit: readonly string[];
  /** What get_run says of the run that was cut off. */
  readonly cutOff: ToolAnswer;
  /** What `npm run audit -- RUN` prints of it. */
  readonly audit: string;
}

/**
 * Runs goodnight once for each moment (a number of accepted acknowledgements). At that moment a crowd of further
 * devices answers too, the stack's process is killed with SIGKILL, started again on the same folder, and searched for
 * what a device was told is accepted.
 */
export const killAtMoments = async (options: {
  readonly data: string;
  /** `--mqtt-port` or `--mqtt-broker`, with its value. */
  readonly mqtt: readonly string[];
  readonly moments: readonly number[];
}): Promise<readonly KillReport[]> => {
  const reports: KillReport[] = [];
  let stack = await startStack(options);
  try {
    for (const [round, moment] of options.moments.entries()) {
      const requestId = `night ${round}`;
      const accepted = await killInTheMiddle(stack, requestId, moment);
      stack = await startStack(options);
      const cutOff = await ask(stack.endpoints, "get_run", { request_id: requestId });
      const run = String(cutOff.run_id);
      const { output: audit } = await runScript("audit.ts", [run, "--data", options.data]);
      reports.push({ ...(await lookForLoss(stack.endpoints, accepted)), cutOff, audit });
    }
  } finally {
    await stack.end();
  }
  return reports;
};

const killInTheMiddle = async (
  { child, endpoints }: StackProcess,
  requestId: string,
  moment: number,
): Promise<readonly Accepted[]> => {
  const killed = once(child, "exit");
  // After a kill the devices first do what the run before it still wanted of them.
  const { clientId } = endpoints.cognito.clients.machine;
  const run = await runIdFor(parseHomeId("home"), { sub: clientId }, requestId, "");
  const accepted: Accepted[] = [];
  const listener = await connectAsync(endpoints.mqtt.url, { reconnectPeriod: 0 }, false);
  listener.on("error", () => {});
  listener.on("message", (topic, payload) => {
    const command = acknowledged(payload);
    if (command?.run !== run) return;
    accepted.push({ thing: topic.split("/")[2] ?? "", command });
    if (accepted.length === moment) {
      const reported = { command: { ...command, status: "SUCCEEDED", reason: null } };
      for (let i = 0; i < CROWD; i++) {
        const shadow = `$aws/things/home-neighbour_${i}/shadow/update`;
        listener.publish(shadow, JSON.stringify({ state: { reported } }), { qos: 1 });
      }
    }
    if (accepted.length === moment + CROWD_HEARD) child.kill("SIGKILL");
  });
  await listener.subscribeAsync("$aws/things/+/shadow/update/accepted", { qos: 1 });
  await ask(endpoints, "run_scene", { scene: "goodnight", request_id: requestId }).catch(
    (error: unknown) => {
      // Otherwise it is the connection that was cut.
      if (!child.killed) throw error;
    },
  );
  if (!child.killed) throw new Error(`goodnight ended before acknowledgement ${moment}`);
  await killed;
  await listener.endAsync(true);
  return accepted;
};

const acknowledged = (payload: Buffer): Accepted["command"] | undefined => {
  const { state } = JSON.parse(payload.toString("utf8")) as {
    readonly state: {
      readonly reported?: { readonly command?: Accepted["command"] & { readonly status?: string } };
    };
  };
  const command = state.reported?.command;
  return command?.status === undefined ? undefined : command;
};

const lookForLoss = async (
  endpoints: Endpoints,
  accepted: readonly Accepted[],
): Promise<Omit<KillReport, "cutOff" | "audit">> => {
  const { accessKeyId, secretAccessKey, endpoint, region, tables } = endpoints.aws;
  const aws = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const iot = new IoTDataPlaneClient(aws);
  const dynamoDb = new DynamoDBClient(aws);

  const isInShadow = async ({ thing, command }: Accepted): Promise<boolean> => {
    const { payload } = await iot.send(new GetThingShadowCommand({ thingName: thing }));
    const { state } = JSON.parse(new TextDecoder().decode(payload)) as {
      readonly state: { readonly reported?: { readonly command?: { readonly id: string } } };
    };
    return state.reported?.command?.id === command.id;
  };
  const isInAudit = async ({ thing, command }: Accepted): Promise<boolean> => {
    const { Count } = await dynamoDb.send(
      new QueryCommand({
        TableName: tables.audit,
        KeyConditionExpression: "PK = :run AND begins_with(SK, :acknowledgement)",
        ExpressionAttributeValues: {
          ":run": { S: `HOME#home#RUN#${command.run}` },
          ":acknowledgement": { S: `ACK#${thing}#${command.stage}#` },
        },
        ConsistentRead: true,
      }),
    );
    return Count !== 0;
  };
  const missing = async (
    isThere: (one: Accepted) => Promise<boolean>,
  ): Promise<readonly string[]> => {
    const found = await Promise.all(accepted.map(isThere));
    return accepted
      .filter((_, i) => !found[i])
      .map(({ thing, command }) => `${thing} ${command.id}`);
  };

  const notInShadow = await missing(isInShadow);
  const resumedByMs = Date.now() + LONGEST_RESUME_MS;
  let notInAudit = await missing(isInAudit);
  while (notInAudit.length > 0 && Date.now() < resumedByMs) {
    await pause(50);
    notInAudit = await missing(isInAudit);
  }
  iot.destroy();
  dynamoDb.destroy();
  return { accepted: accepted.length, notInShadow, notInAudit };
};
