import { readDeviceOutcomes, readDeviceReports, readRequest } from "#adapters/device-history.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome } from "#adapters/home-table.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { resolveDevice } from "#domain/home/targets.ts";
import { causeOf, changesAmong, sayCause } from "#domain/look/device-causes.ts";
import { deviceNow } from "#domain/look/device-now.ts";
import { answersOf, sayAnswers } from "#domain/look/how-it-answers.ts";
import { sayAll } from "#domain/look/say-home-now.ts";
import { inHome } from "#domain/run/run-result.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { homeNameIn } from "./call/home-name.ts";

// A device that reports its command again and again has more records than changes.
const MOST_REPORTS = 40;
const MOST_CAUSES = 5;
const MOST_COMMANDS = 50;
const LATELY_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Why a device is as it is: its last changes with what asked for them, and how well it answered lately.
 * @throws HomeError `DeviceUnknown`, `NameAmbiguous`
 */
export const explainDevice = async (
  deployment: { readonly homeTableName: string; readonly auditTableName: string },
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"explain_device">,
): Promise<unknown> => {
  const { homeTableName, auditTableName } = deployment;
  const home = await readHome(homeTableName, access);
  const device = resolveDevice(
    call.device,
    home,
    "Call explain_device again with one of these names.",
    { forgives: true },
  );
  const nowMs = Date.now();
  const lately = {
    since: new Date(nowMs - LATELY_MS).toISOString(),
    until: new Date(nowMs).toISOString(),
    most: MOST_COMMANDS,
  };
  const reports = await readDeviceReports(auditTableName, access, device, MOST_REPORTS);
  const [shadows, outcomes] = await Promise.all([
    getShadows([device.thing]),
    readDeviceOutcomes(auditTableName, access, device.id, lately),
  ]);
  const changes = changesAmong(device, reports).slice(0, MOST_CAUSES);
  const causes = await Promise.all(
    changes.map(async (report) => {
      const recorded =
        report.run === undefined
          ? undefined
          : await readRequest(auditTableName, access, report.run);
      return causeOf(device, report, recorded, { caller, access });
    }),
  );
  const looked = deviceNow(device, shadows.get(device.thing), nowMs);
  const answers = answersOf(outcomes);
  const about = homeNameIn(access);
  const isAsked = device.kind !== "sensor";
  const say = [
    sayAll([looked]),
    ...(isAsked ? [sayCause(device.name, causes[0]), sayAnswers(answers)] : []),
  ].join(" ");
  return {
    ...(about.homeName === undefined ? {} : { home: home.place.home }),
    say: inHome(about, say),
    ...looked.now,
    ...(isAsked ? { causes, answers } : {}),
  };
};
