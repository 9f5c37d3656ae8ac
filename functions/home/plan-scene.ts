import { putFirstRecord } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { planExpiresAtMs, planRecord } from "#domain/audit/plan-record.ts";
import { counted } from "#domain/counted.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { needsApproval } from "#domain/run/needs-approval.ts";
import { plannedCommands } from "#domain/run/plan.ts";
import { type DevicePreview, previewOf, worstCaseSeconds } from "#domain/run/plan-preview.ts";
import { inHome, skippedOf } from "#domain/run/run-result.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";
import { preparePlan } from "./prepare-plan.ts";

/**
 * What a run would ask of each device, without asking it: what is so already, who is offline and since when, which run
 * wants the same device, what a person must approve. The plan is recorded, so that run_scene can be held to it.
 */
export const planScene = async (
  { homeTableName, auditTableName }: Pick<Deployment, "homeTableName" | "auditTableName">,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"plan_scene">,
) => {
  const { plan, hash, devices, scene } = await preparePlan(homeTableName, access, call);
  const commands = plannedCommands(plan).map(({ command }) => command);
  const shadows = await getShadows(commands.map(({ thing }) => thing));
  const now = new Date();
  await putFirstRecord(auditTableName, planRecord(plan, hash, caller, now));
  const previews = new Map(
    commands.map((command) => [
      command.device,
      previewOf(command, shadows.get(command.thing)?.view, now.getTime()),
    ]),
  );
  const about = homeNameIn(access);
  const approvals = needsApproval(plan, devices, scene);
  return {
    ...(about.homeName === undefined ? {} : { home: plan.home }),
    scene: plan.scene,
    plan_hash: hash,
    plan_expires_at: new Date(planExpiresAtMs(now.getTime())).toISOString(),
    say: inHome(about, sayPlan(plan.sceneName, plan.stages.length, [...previews.values()])),
    worst_case_s: worstCaseSeconds(plan),
    stages: plan.stages.map((stage) => ({
      name: stage.name,
      devices: stage.commands.map((command) => ({
        device: command.device,
        name: command.name,
        want: describeWantedState(command.want),
        required: command.required,
        window_s: command.windowSeconds,
        ...shownPreview(previews.get(command.device)),
      })),
    })),
    needs_approval: approvals.map(({ device, name, what }) => ({ device, name, what })),
    left_out: plan.leftOut,
    ...skippedOf(plan),
  };
};

const shownPreview = (preview: DevicePreview | undefined): object =>
  preview === undefined
    ? {}
    : {
        now: preview.now,
        connection: preview.connection,
        ...(preview.offlineSinceMs === undefined
          ? {}
          : { offline_since: new Date(preview.offlineSinceMs).toISOString() }),
        ...(preview.wantedBy === undefined ? {} : { conflict: preview.wantedBy }),
      };

const sayPlan = (scene: string, stages: number, previews: readonly DevicePreview[]): string => {
  const count = (is: (preview: DevicePreview) => boolean): number => previews.filter(is).length;
  const already = count(({ now }) => now === "already_there");
  const offline = count(({ connection }) => connection === "offline");
  const wanted = count(({ wantedBy }) => wantedBy !== undefined);
  return [
    `${scene} would ask ${counted(previews.length, "device")} in ${counted(stages, "stage")}.`,
    ...(already === 0 ? [] : [`${already} already as asked.`]),
    ...(offline === 0 ? [] : [`${offline} offline.`]),
    ...(wanted === 0 ? [] : [`${counted(wanted, "device")} still busy with another run.`]),
    "Nothing was sent.",
  ].join(" ");
};
