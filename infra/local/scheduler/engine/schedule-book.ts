// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
import type { DatabaseSync } from "node:sqlite";
import { checkExpression, minuteOf } from "../schedules/calendar.ts";
import { DEFAULT_GROUP, type SchedulerArns } from "../schedules/names.ts";
import type { ScheduleSettings } from "../schedules/schedule-settings.ts";
import { invalid, schedulerError } from "../schedules/scheduler-error.ts";
import { transaction } from "../store/database.ts";
import type { DeliveryTable } from "../store/delivery-table.ts";
import type { GroupTable, ScheduleGroup } from "../store/group-table.ts";
import type { Schedule, ScheduleTable } from "../store/schedule-table.ts";
import { withNext } from "./planner.ts";

/** Schedules and groups as they are made, changed and taken away, from the API and from the template alike. */
export interface ScheduleBook {
  /** @throws AwsError `ResourceNotFoundException` */
  group(name: string): ScheduleGroup;
  /** @throws AwsError `ConflictException`, `ServiceQuotaExceededException` */
  createGroup(name: string, tags: ReadonlyMap<string, string>, isDeclared: boolean): ScheduleGroup;
  /** With all its schedules. @throws AwsError `ResourceNotFoundException`, `ValidationException` for `default` */
  deleteGroup(name: string): void;
  /** @throws AwsError `ResourceNotFoundException` */
  schedule(group: string, name: string): Schedule;
  /** @throws AwsError `ValidationException` (its role), `ResourceNotFoundException` (its group), `ConflictException` */
  create(made: MadeSchedule): Schedule;
  /** Replaces all that is said of it. @throws AwsError `ValidationException`, `ResourceNotFoundException` */
  update(made: MadeSchedule): Schedule;
  /** What of it is not delivered yet is dropped. @throws AwsError `ResourceNotFoundException` */
  delete(group: string, name: string): void;
}

export interface MadeSchedule {
  readonly group: string;
  readonly name: string;
  readonly settings: ScheduleSettings;
  readonly isDeclared: boolean;
}

const MOST_GROUPS = 500;

export const scheduleBook = (options: {
  readonly database: DatabaseSync;
  readonly groups: GroupTable;
  readonly schedules: ScheduleTable;
  readonly deliveries: DeliveryTable;
  readonly arns: SchedulerArns;
  readonly nowMs: () => number;
  /** Assumes a role for a schedule of a group. @throws AwsError when it may not */
  readonly assumeRole: (roleArn: string, groupArn: string) => void;
  /** Plans what is due by now, and looks what is due next. */
  readonly look: () => void;
}): ScheduleBook => {
  const { database, groups, schedules, deliveries, arns, nowMs } = options;

  const groupNamed = (name: string): ScheduleGroup => {
    const group = groups.get(name);
    if (group !== undefined) return group;
    throw schedulerError("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
  };
  const scheduleNamed = (group: string, name: string): Schedule => {
    const schedule = schedules.get(group, name);
    if (schedule !== undefined) return schedule;
    throw schedulerError("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  };
  const checkRole = ({ group, settings }: MadeSchedule): void => {
    try {
      options.assumeRole(settings.Target.RoleArn, arns.group(group));
    } catch (cause) {
      throw invalid(
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        cause,
      );
    }
  };
  const write = <T>(change: () => T): T => {
    const written = transaction(database, change);
    options.look();
    return written;
  };

  return {
    group: groupNamed,
    createGroup: (name, tags, isDeclared) => {
      if (groups.get(name) !== undefined) {
        throw schedulerError("ConflictException", `Schedule group ${name} already exists.`);
      }
      if (groups.count() >= MOST_GROUPS) {
        const why = `There are ${MOST_GROUPS} schedule groups already.`;
        throw schedulerError("ServiceQuotaExceededException", why);
      }
      const at = nowMs();
      const group = { name, createdMs: at, modifiedMs: at, tags, isDeclared };
      groups.put(group);
      return group;
    },
    deleteGroup: (name) => {
      groupNamed(name);
      if (name === DEFAULT_GROUP) throw invalid("The default schedule group cannot be deleted.");
      write(() => {
        for (const { id } of schedules.ofGroup(name)) schedules.remove(id);
        groups.remove(name);
      });
    },
    schedule: scheduleNamed,
    create: (made) => {
      checkRole(made);
      const { group, name, settings, isDeclared } = made;
      groupNamed(group);
      if (schedules.get(group, name) !== undefined) {
        throw schedulerError("ConflictException", `Schedule ${name} already exists.`);
      }
      const at = nowMs();
      const { ScheduleExpression: expression, ScheduleExpressionTimezone: zone } = settings;
      // A rate without StartDate fires at once, for the minute that it was made in.
      const isImmediate =
        checkExpression(expression, zone) === "rate" && settings.StartDate === undefined;
      const anchorMs = minuteOf(at);
      const consideredMs = isImmediate ? anchorMs - 1 : at;
      const common = { group, name, settings, isDeclared, createdMs: at, modifiedMs: at };
      return write(() =>
        schedules.create(withNext({ ...common, anchorMs, floorMs: consideredMs, consideredMs })),
      );
    },
    update: (made) => {
      checkRole(made);
      // What came due a moment ago is still due as it was.
      options.look();
      const { group, name, settings, isDeclared } = made;
      groupNamed(group);
      const { nextMs: _, ...known } = scheduleNamed(group, name);
      const at = nowMs();
      const keepsPhase =
        known.settings.ScheduleExpression === settings.ScheduleExpression &&
        known.settings.StartDate === settings.StartDate;
      const updated = withNext({
        ...known,
        settings,
        isDeclared,
        modifiedMs: at,
        anchorMs: keepsPhase ? known.anchorMs : minuteOf(at),
        floorMs: at,
        consideredMs: at,
      });
      return write(() => {
        schedules.update(updated);
        // Who switches a schedule off means also what it has not carried out yet.
        if (settings.State === "DISABLED") deliveries.removeOf(known.id);
        return updated;
      });
    },
    delete: (group, name) => {
      groupNamed(group);
      const { id } = scheduleNamed(group, name);
      write(() => schedules.remove(id));
    },
  };
};
