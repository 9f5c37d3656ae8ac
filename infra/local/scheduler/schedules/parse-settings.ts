// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
import { notEmulated } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import { checkExpression } from "./calendar.ts";
import { type Constraints, constraints } from "./constraints.ts";
import { parseTarget } from "./parse-target.ts";
import type { ScheduleSettings } from "./schedule-settings.ts";
import { invalid } from "./scheduler-error.ts";

/** The request that settings are read from. */
export interface SettingsRequest {
  readonly operation: string;
  readonly body: JsonObject;
  readonly nowMs: number;
}

/**
 * Reads what a create or an update says. What it leaves out has its default, also in an update.
 * @throws AwsError `ValidationException`, `NotEmulated`
 */
export const parseSettings = ({ operation, body, nowMs }: SettingsRequest): ScheduleSettings => {
  const read = constraints();
  const expression = read.text("scheduleExpression", body.ScheduleExpression, { most: 256 });
  const zone = read.text("scheduleExpressionTimezone", body.ScheduleExpressionTimezone, {
    most: 50,
  });
  const description = read.text("description", body.Description, { least: 0, most: 512 });
  const state = read.oneOf("state", body.State, ["ENABLED", "DISABLED"]);
  const action = read.oneOf("actionAfterCompletion", body.ActionAfterCompletion, [
    "NONE",
    "DELETE",
  ]);
  const start = read.date("startDate", body.StartDate);
  const end = read.date("endDate", body.EndDate);
  const hasExpression = read.required("scheduleExpression", expression);
  const window = parseWindow(read, body);
  const target = parseTarget(read, operation, body.Target);
  read.check();
  if (!hasExpression || window === undefined || target === undefined) {
    throw invalid("The request is not complete.");
  }
  if (body.KmsKeyArn !== undefined)
    throw notEmulated("EventBridge Scheduler", `${operation} with KmsKeyArn`);
  const isOnce = checkExpression(expression, zone ?? "UTC") === "at";
  checkDates({ isOnce, start, end, nowMs });
  return {
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: zone ?? "UTC",
    ...(start === undefined ? {} : { StartDate: start }),
    ...(end === undefined ? {} : { EndDate: end }),
    ...(description === undefined ? {} : { Description: description }),
    State: state ?? "ENABLED",
    FlexibleTimeWindow: window,
    Target: target,
    ActionAfterCompletion: action ?? "NONE",
  };
};

const parseWindow = (
  read: Constraints,
  body: JsonObject,
): ScheduleSettings["FlexibleTimeWindow"] | undefined => {
  const window = read.structure("flexibleTimeWindow", body.FlexibleTimeWindow);
  if (!read.required("flexibleTimeWindow", window)) return undefined;
  const mode = read.oneOf("flexibleTimeWindow.mode", window.Mode, ["OFF", "FLEXIBLE"]);
  const minutes = read.integer(
    "flexibleTimeWindow.maximumWindowInMinutes",
    window.MaximumWindowInMinutes,
    { least: 1, most: 1440 },
  );
  if (!read.required("flexibleTimeWindow.mode", mode)) return undefined;
  read.check();
  if (mode === "OFF") {
    if (minutes === undefined) return { Mode: "OFF" };
    throw invalid("MaximumWindowInMinutes cannot be set when the flexible time window is OFF.");
  }
  if (minutes !== undefined) return { Mode: "FLEXIBLE", MaximumWindowInMinutes: minutes };
  throw invalid("MaximumWindowInMinutes must be set when the flexible time window is FLEXIBLE.");
};

const FIVE_MINUTES_MS = 5 * 60_000;

// A schedule that fires once ignores both.
const checkDates = (dates: {
  readonly isOnce: boolean;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly nowMs: number;
}): void => {
  const { isOnce, start, end, nowMs } = dates;
  if (isOnce) return;
  if (start !== undefined && start * 1000 < nowMs - FIVE_MINUTES_MS) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (start !== undefined && end !== undefined && end <= start) {
    throw invalid("The EndDate you specify must come after the StartDate.");
  }
};
