import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { machineTokens } from "#adapters/machine/machine-token.ts";
import { toolGateway } from "#adapters/machine/tool-gateway.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { logger, observed } from "#adapters/observed.ts";
import { simulatedLamp } from "#adapters/simulated-lamp.ts";
import { CANARY_HOME, CANARY_SCENE, canaryThing } from "#domain/home/canary.ts";
import { sceneAnswer } from "#domain/schedule/scene-answer.ts";

const tokens = machineTokens({
  secretArn: requiredVariable("MACHINE_SECRET_ARN"),
  tokenUrl: requiredVariable("TOKEN_URL"),
});
const gateway = toolGateway(requiredVariable("GATEWAY_URL"), tokens);
const lamp = simulatedLamp(canaryThing(thingPrefixOfStage()));

// A light has two seconds for its answer.
const LOOK_EVERY_MS = 250;

/** What became of the canary's run. */
export interface CanaryEnd {
  readonly done: boolean;
  readonly seconds: number;
  /** Why it was not done. */
  readonly why?: string;
}

/**
 * Every quarter of an hour: runs a scene of one simulated lamp as everybody does, through sign-in, gateway, workflow,
 * IoT and audit, and plays the lamp itself. Whatever goes wrong is counted and not thrown: the next run tries again.
 */
export const handler = observed(async (): Promise<CanaryEnd> => {
  const startedMs = performance.now();
  const why = await runScene().catch((error: unknown) => {
    logger.error("The canary's run failed", { error });
    return error instanceof Error ? error.message : String(error);
  });
  const seconds = (performance.now() - startedMs) / 1000;
  publishMeasures([
    { name: "CanaryFailures", value: why === undefined ? 0 : 1, unit: "Count" },
    { name: "CanarySeconds", value: seconds, unit: "Seconds" },
  ]);
  if (why !== undefined) logger.error("The canary's scene was not done", { why });
  return { done: why === undefined, seconds, ...(why === undefined ? {} : { why }) };
});

/** Why the scene was not done; `undefined` when it was. */
const runScene = async (): Promise<string | undefined> => {
  await lamp.switchOn();
  let isOver = false;
  const running = gateway
    .callTool("home___run_scene", {
      home: CANARY_HOME,
      scene: CANARY_SCENE,
      request_id: `canary ${randomUUID()}`,
      reason: "canary",
    })
    .finally(() => {
      isOver = true;
    });
  // Its end is looked at below; a lamp that fails must not leave it unheard.
  running.catch(() => undefined);
  while (!isOver) {
    await lamp.obey();
    await Promise.race([pause(LOOK_EVERY_MS), running.catch(() => undefined)]);
  }
  const answer = sceneAnswer(await running);
  if (answer.kind !== "started") return `${answer.code}: ${answer.why}`;
  // A light has two seconds, and the call waited for twenty: what is still running then is not done.
  return answer.result === "done" ? undefined : `${answer.run} ended ${answer.result ?? "unknown"}`;
};
