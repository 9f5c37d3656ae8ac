import { readHome } from "#adapters/home-table.ts";
import { resolveName } from "#domain/home/names.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { requireUnattended } from "#domain/run/needs-approval.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import type { ScheduleWish } from "#domain/schedule/new-schedule.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import type { ScheduleRules } from "#domain/schedule/schedule-rules.ts";
import type { ScheduleDesk } from "./schedule-desk.ts";

/**
 * Resolves the names of a scene and of the devices to leave out, and promises that the scene may run by itself as it is
 * now, the rest of what `before` says included.
 * @throws HomeError `SceneUnknown`, `DeviceUnknown` or `NameAmbiguous` with the closest names; `PlanEmpty`;
 * `NeedsApproval`, `SceneNotForSchedules`
 */
export const resolveWish = async (
  { deployment, access }: ScheduleDesk,
  call: ScheduleRules & { readonly scene?: string; readonly when?: string },
  before: Schedule | undefined,
): Promise<ScheduleWish> => {
  const { zone, gap, missed, spreadMinutes, skipHolidays, when } = call;
  const home = await readHome(deployment.homeTableName, access);
  const scene = resolveName(call.scene ?? before?.scene ?? "", home.scenes, {
    noun: "scene",
    unknown: "SceneUnknown",
    next: "Call schedule_scene again with the exact name.",
  });
  const except =
    call.except &&
    resolveDevices(
      call.except,
      home,
      'Call schedule_scene again with one of these names in "except".',
    );
  const plan = planScene(scene, home, except ?? before?.except ?? []);
  requireUnattended(scene, plan, home.devices);
  return {
    scene: scene.id,
    ...(except === undefined ? {} : { except }),
    ...(when === undefined ? {} : { when }),
    ...(zone === undefined ? {} : { zone }),
    ...(gap === undefined ? {} : { gap }),
    ...(missed === undefined ? {} : { missed }),
    ...(spreadMinutes === undefined ? {} : { spreadMinutes }),
    ...(skipHolidays === undefined ? {} : { skipHolidays }),
  };
};
