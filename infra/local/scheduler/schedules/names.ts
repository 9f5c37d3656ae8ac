// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
import type { Constraints } from "./constraints.ts";

/** The group that is always there. */
export const DEFAULT_GROUP = "default";

/** What a name of a schedule or a group is made of. */
export const NAME = { most: 64, pattern: /^[0-9a-zA-Z\-_.]+$/ };

/** Reads a name that must be there. @throws AwsError `ValidationException` */
export const nameOf = (constraints: Constraints, path: string, value: string): string => {
  const name = constraints.text(path, value, NAME);
  constraints.check();
  return name ?? value;
};

/** ARNs of one account in one Region. */
export interface SchedulerArns {
  schedule(group: string, name: string): string;
  group(name: string): string;
}

export const schedulerArns = (region: string, accountId: string): SchedulerArns => ({
  schedule: (group, name) => `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`,
  group: (name) => `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`,
});
