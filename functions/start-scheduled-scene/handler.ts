import { requiredVariable } from "#adapters/environment.ts";
import { machineTokens } from "#adapters/machine/machine-token.ts";
import { toolGateway } from "#adapters/machine/tool-gateway.ts";
import { logger, observed } from "#adapters/observed.ts";
import { readFirings, recordFiring } from "#adapters/runs/firings.ts";
import { lookUntilFound, UNTIL_RECORDED_MS } from "#adapters/runs/look-until-found.ts";
import { readMeta, readSchedule } from "#adapters/schedule-table.ts";
import type { Firing } from "#domain/audit/firing-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { isRunEnd } from "#domain/run/run-result.ts";
import { decideFiring } from "#domain/schedule/decide-firing.ts";
import { sceneAnswer } from "#domain/schedule/scene-answer.ts";
import { sceneRequest } from "#domain/schedule/scene-request.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { parseScheduledCall, type ScheduledCall } from "#domain/schedule/scheduled-call.ts";

const homeTableName = requiredVariable("HOME_TABLE_NAME");
const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const tokens = machineTokens({
  secretArn: requiredVariable("MACHINE_SECRET_ARN"),
  tokenUrl: requiredVariable("TOKEN_URL"),
});
const gateway = toolGateway(requiredVariable("GATEWAY_URL"), tokens);

/** What became of a firing. */
type Recorded = Pick<Firing, "kind" | "run" | "result" | "code" | "why">;

/** The same, as it is told; `nothing` when there was nothing to record. */
export type FiringEnd = Recorded | { readonly kind: "nothing" };

/**
 * Called by the scheduler at a planned moment, or by hand: runs the schedule's scene through the gateway, as the machine
 * client, and records what became of it. A refusal is an end. What broke is thrown, so that Lambda tries again and in the
 * end keeps the event; the same planned minute is the same run however often it is asked for.
 */
export const handler = observed(async (event): Promise<FiringEnd> => {
  const call = parseScheduledCall(event);
  const startedAt = new Date();
  const [schedule, meta, earlier] = await Promise.all([
    readSchedule(homeTableName, call.home, call.schedule),
    readMeta(homeTableName, call.home),
    readFirings(auditTableName, call),
  ]);
  const verdict = decideFiring({ call, schedule, meta, earlier, nowMs: startedAt.getTime() });
  if (verdict.kind === "nothing" || schedule === undefined) {
    logger.info("Nothing was started", { schedule: call.schedule, verdict });
    return { kind: "nothing" };
  }
  const record = async (end: Recorded): Promise<Recorded> => {
    await recordFiring(auditTableName, {
      ...about(schedule, call),
      startedAt: startedAt.toISOString(),
      ...end,
    });
    return end;
  };
  if (verdict.kind !== "run") return record(verdict);
  try {
    return await record(await runScene(schedule, call));
  } catch (error) {
    await record({ kind: "failed", ...reasonOf(error) });
    throw error;
  }
});

/** @throws HomeError `SignInFailed`, `GatewayFailed`, `RunFailed`: worth another attempt */
const runScene = async (schedule: Schedule, call: ScheduledCall): Promise<Recorded> => {
  const answer = sceneAnswer(
    await gateway.callTool("home___run_scene", sceneRequest(schedule, call)),
  );
  switch (answer.kind) {
    case "started": {
      const { run, result } = answer;
      if (isRunEnd(result)) return { kind: "fired", run, result };
      // How a run that goes on will end stands in its own record.
      await findRecorded(schedule, run);
      return { kind: "fired", run };
    }
    case "refused":
      return { kind: "refused", code: answer.code, why: answer.why };
    case "broken":
      throw new HomeError("RunFailed", answer.why);
  }
};

/** A workflow that breaks before its first record would leave a firing that names a run which never was. */
const findRecorded = async ({ home }: Schedule, run: string): Promise<void> => {
  const found = await lookUntilFound(async () => {
    const look = sceneAnswer(await gateway.callTool("home___get_run", { home, run_id: run }));
    return look.kind === "started" ? look : undefined;
  }, UNTIL_RECORDED_MS);
  if (found !== undefined) return;
  throw new HomeError("RunFailed", `The run ${run} was started, and nothing of it is recorded.`);
};

const about = (
  { name, scene }: Schedule,
  { home, schedule, plannedAt, byHand }: ScheduledCall,
): Pick<Firing, "home" | "schedule" | "name" | "scene" | "plannedAt" | "byHand"> => ({
  home,
  schedule,
  name,
  scene,
  plannedAt,
  ...(byHand === undefined ? {} : { byHand }),
});

// What a person may read. Of anything but an error of our own, only its name.
const reasonOf = (error: unknown): Pick<Firing, "code" | "why"> =>
  error instanceof HomeError
    ? { code: error.code, why: error.message }
    : { code: error instanceof Error ? error.name : "Unknown", why: "See the function's log." };
