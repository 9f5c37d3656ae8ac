import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import { type Scheduler, startScheduler } from "../scheduler/scheduler.ts";
import type { Ground } from "./ground.ts";

// What came due meanwhile, and what a rate begins with, needs processes of its own: a start, and the first scene after it, have the
// computer to themselves. AWS promises a call within the minute that it is due in.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
const QUIET_MS = 5000;

/**
 * Starts EventBridge Scheduler with the template's groups and schedules.
 * @throws LocalError `DataDamaged`, `TemplateNotUnderstood` (a schedule)
 */
export const startSchedules = async (ground: Ground): Promise<Scheduler> => {
  const { identity, declared, endpoint, file, log } = ground;
  const ofType = (type: string) => declared.ofType(type).map(toDeclared);
  const scheduler = await startScheduler({
    file: file("scheduler.sqlite"),
    region: identity.region,
    accountId: identity.accountId,
    access: endpoint.roleOf("scheduler.amazonaws.com"),
    groups: ofType("AWS::Scheduler::ScheduleGroup"),
    schedules: ofType("AWS::Scheduler::Schedule"),
    quietMs: QUIET_MS,
    log,
  });
  endpoint.register(scheduler.service);
  return scheduler;
};

const toDeclared = ({ physical, properties }: ResolvedResource) => ({
  name: physical.ref,
  properties,
});
