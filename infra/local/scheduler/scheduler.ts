import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { schedulerService } from "./api/scheduler-service.ts";
import { type Clock, wallClock } from "./engine/clock.ts";
import { courier } from "./engine/courier.ts";
import { type Declared, declare } from "./engine/declare.ts";
import { createEngine } from "./engine/engine.ts";
import { planner } from "./engine/planner.ts";
import { scheduleBook } from "./engine/schedule-book.ts";
import { schedulerArns } from "./schedules/names.ts";
import { openDatabase } from "./store/database.ts";
import { deliveryTable } from "./store/delivery-table.ts";
import { groupTable } from "./store/group-table.ts";
import { scheduleTable } from "./store/schedule-table.ts";

export interface SchedulerOptions {
  /** SQLite file of schedules, of what they have planned, and of what is not delivered yet; `:memory:` for tests. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** Credentials of a target's role, assumed on behalf of a schedule group. May throw AwsError. */
  readonly access: (roleArn: string, groupArn: string) => AwsAccess;
  /** Resolved properties of each AWS::Scheduler::ScheduleGroup. */
  readonly groups?: readonly Declared[];
  /** Resolved properties of each AWS::Scheduler::Schedule. */
  readonly schedules?: readonly Declared[];
  readonly log?: (line: string) => void;
  /** For how long after the start nothing is delivered: what is due then is late by no more. Not at all where absent. */
  readonly quietMs?: number;
  /** Wall time, but in tests. */
  readonly clock?: Clock;
  /** At least 0, less than 1: where in a flexible window a call lands. */
  readonly random?: () => number;
}

/** A running EventBridge Scheduler. */
export interface Scheduler {
  readonly service: AwsService;
  /** Resolves when nothing that was due is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts EventBridge Scheduler. What came due while it was not running is delivered now, or when the quiet ends, if it is not too old.
 * @throws LocalError `DataDamaged`, `AlreadyRunning`, `TemplateNotUnderstood` (a schedule)
 */
export const startScheduler = async (options: SchedulerOptions): Promise<Scheduler> => {
  const { region, accountId, access, clock = wallClock, random = Math.random } = options;
  const log = options.log ?? (() => undefined);
  const nowMs = () => clock.nowMs();
  const database = openDatabase(options.file);
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing) await each();
    if (database.isOpen) database.close();
  };
  try {
    const arns = schedulerArns(region, accountId);
    const groups = groupTable(database, nowMs());
    const schedules = scheduleTable(database);
    const deliveries = deliveryTable(database);
    const plans = planner({ database, schedules, deliveries, arns, random, log });
    const couriers = courier({
      database,
      schedules,
      deliveries,
      clock,
      // The confused-deputy page wants the group's ARN in the role's trust, never a schedule's.
      access: (roleArn, scheduleArn) =>
        access(roleArn, arns.group(scheduleArn.split("/")[1] ?? "")),
      moved: () => engine.look(),
      log,
    });
    const engine = createEngine({
      clock,
      planner: plans,
      courier: couriers,
      quietMs: options.quietMs ?? 0,
      nextMs: () => earlier(schedules.nextMs(), deliveries.nextMs()),
      log,
    });
    const book = scheduleBook({
      database,
      groups,
      schedules,
      deliveries,
      arns,
      nowMs,
      assumeRole: access,
      look: () => engine.look(),
    });
    // First what the schedules were when this stopped has its due, then they are what the template says now.
    closing.push(() => engine.close());
    engine.start();
    declare(
      { groups: options.groups ?? [], schedules: options.schedules ?? [] },
      { book, groups, schedules, nowMs },
    );
    return {
      service: schedulerService({ arns, book, groups, schedules, nowMs }),
      idle: () => couriers.idle(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
