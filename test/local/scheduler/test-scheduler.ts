import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { RoleDescription } from "#local/iam/iam.ts";
import type { Clock } from "#local/scheduler/engine/clock.ts";
import {
  type Scheduler,
  type SchedulerOptions,
  startScheduler,
} from "#local/scheduler/scheduler.ts";
import type { AwsError, AwsRequest, AwsService } from "#local/wire/aws-service.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start`;
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Schedules`;

/** A clock that stands still until it is told to go on, and may be set. */
export interface VirtualClock extends Clock {
  /** Goes on, ringing each alarm at its time; after each ring all that is under way ends. */
  goTo(iso: string, settle?: () => Promise<void>): Promise<void>;
  /** Sets the time without a ring: alarms count the time that passes, as timers do. */
  set(iso: string): void;
  /** Loses every alarm, but no sweep. */
  dropAlarms(): void;
}

export const virtualClock = (iso: string): VirtualClock => {
  // What timers count; wall time is this and an offset.
  let elapsedMs = 0;
  let offsetMs = Date.parse(iso);
  const rings = new Set<{ atMs: number; readonly everyMs?: number; readonly ring: () => void }>();
  const nowMs = (): number => elapsedMs + offsetMs;
  const add = (ring: { atMs: number; readonly everyMs?: number; readonly ring: () => void }) => {
    rings.add(ring);
    return () => {
      rings.delete(ring);
    };
  };
  return {
    nowMs,
    alarm: (delayMs, ring) => add({ atMs: elapsedMs + delayMs, ring }),
    sweep: (everyMs, ring) => add({ atMs: elapsedMs + everyMs, everyMs, ring }),
    goTo: async (until, settle = () => Promise.resolve()) => {
      const endMs = Date.parse(until) - offsetMs;
      for (;;) {
        await settle();
        const [next] = [...rings].sort((a, b) => a.atMs - b.atMs);
        if (next === undefined || next.atMs > endMs) break;
        elapsedMs = Math.max(elapsedMs, next.atMs);
        if (next.everyMs === undefined) rings.delete(next);
        else next.atMs += next.everyMs;
        next.ring();
      }
      elapsedMs = endMs;
      await settle();
    },
    set: (to) => {
      offsetMs = Date.parse(to) - elapsedMs;
    },
    dropAlarms: () => {
      for (const ring of [...rings]) if (ring.everyMs === undefined) rings.delete(ring);
    },
  };
};

/** One call that a stand-in for Lambda or SQS was sent. */
export interface Received {
  readonly path: string;
  readonly body: unknown;
  readonly invocationType: string | undefined;
  readonly caller: string;
}

/** A service that notes what it is sent, and answers what the test says. */
export interface StandIn {
  readonly received: Received[];
  /** Those of them that were not failed. */
  readonly accepted: Received[];
  readonly service: AwsService;
  /** The next answers; 202 when there are none. */
  readonly failures: AwsError[];
  /** Keeps the next answer until the answer of this is called. */
  holdNext(): () => void;
}

export const standIn = (signingName: string, action: string, resource: string): StandIn => {
  const received: Received[] = [];
  const accepted: Received[] = [];
  const failures: AwsError[] = [];
  let held: Promise<void> | undefined;
  const note = (request: AwsRequest): Received => {
    const noted = {
      path: request.path,
      body: JSON.parse(request.body.toString("utf8")) as unknown,
      invocationType: request.headers["x-amz-invocation-type"],
      caller: request.caller.arn,
    };
    received.push(noted);
    return noted;
  };
  return {
    received,
    accepted,
    failures,
    holdNext: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    service: {
      signingNames: [signingName],
      errorProtocol: "json",
      understand: (request) => ({
        permissions: [{ action, resource }],
        carryOut: async () => {
          const noted = note(request);
          const hold = held;
          held = undefined;
          await hold;
          const failure = failures.shift();
          if (failure !== undefined) throw failure;
          accepted.push(noted);
          return { status: 202, headers: {}, body: "{}" };
        },
      }),
    },
  };
};

/** The Scheduler behind an endpoint with stand-ins for Lambda and SQS. */
export interface TestScheduler {
  readonly endpoint: TestEndpoint;
  readonly client: SchedulerClient;
  readonly clock: VirtualClock;
  readonly lambda: StandIn;
  readonly sqs: StandIn;
  readonly lines: string[];
  scheduler(): Scheduler;
  /** Goes on to an instant; nothing is under way then. */
  goTo(iso: string): Promise<void>;
  /** Stops the Scheduler, as the end of its process would. */
  stop(): Promise<void>;
  /** Starts it on the same file. */
  start(options?: Partial<SchedulerOptions>): Promise<void>;
  close(): Promise<void>;
}

/** What the role of the schedules may do, and whom it trusts. */
export const schedulesRole = (
  trust?: Readonly<Record<string, unknown>>,
  name = "Schedules",
): RoleDescription => {
  const made = role(
    name,
    [{ Effect: "Allow", Action: ["lambda:InvokeFunction", "sqs:SendMessage"], Resource: "*" }],
    "scheduler.amazonaws.com",
  );
  return trust === undefined
    ? made
    : {
        ...made,
        assumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "scheduler.amazonaws.com" },
              Condition: trust,
            },
          ],
        },
      };
};

export const startTestScheduler = async (
  options: Partial<SchedulerOptions> & {
    readonly now?: string;
    readonly roles?: readonly RoleDescription[];
  } = {},
): Promise<TestScheduler> => {
  const { now = "2026-06-01T12:00:00Z", roles = [], ...rest } = options;
  const endpoint = await startTestEndpoint([schedulesRole(), ...roles]);
  const clock = virtualClock(now);
  const lambda = standIn("lambda", "lambda:InvokeFunction", FUNCTION_ARN);
  const sqs = standIn("sqs", "sqs:SendMessage", QUEUE_ARN);
  endpoint.register(lambda.service);
  endpoint.register(sqs.service);
  const lines: string[] = [];
  const make = async (more: Partial<SchedulerOptions>): Promise<Scheduler> => {
    const made = await startScheduler({
      file: ":memory:",
      region: REGION,
      accountId: ACCOUNT,
      access: (roleArn, groupArn) => ({
        endpoint: endpoint.url,
        region: REGION,
        credentials: endpoint.iam.credentialsFor(roleArn, "scheduler.amazonaws.com", groupArn),
      }),
      clock,
      random: () => 0,
      log: (line) => lines.push(line),
      ...rest,
      ...more,
    });
    endpoint.register(made.service);
    return made;
  };
  let scheduler = await make({}).catch(async (error: unknown) => {
    await endpoint.close();
    throw error;
  });
  const client = new SchedulerClient(endpoint.client);
  return {
    endpoint,
    client,
    clock,
    lambda,
    sqs,
    lines,
    scheduler: () => scheduler,
    goTo: (iso) => clock.goTo(iso, () => scheduler.idle()),
    stop: () => scheduler.close(),
    start: async (more = {}) => {
      scheduler = await make(more);
    },
    close: async () => {
      client.destroy();
      await scheduler.close();
      await endpoint.close();
    },
  };
};

/** Makes a schedule that calls the function with the planned instant and the attempt's number. */
export const schedule = (
  given: Partial<CreateScheduleCommandInput> & { readonly ScheduleExpression: string },
): CreateScheduleCommand =>
  new CreateScheduleCommand({
    Name: "evening",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: FUNCTION_ARN,
      RoleArn: ROLE_ARN,
      Input:
        '{"plannedAt":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
    },
    ...given,
  });

/** The planned instants that the function was called for, where it took the call. */
export const plannedAt = ({ lambda }: Pick<TestScheduler, "lambda">): readonly string[] =>
  lambda.accepted.map(({ body }) => (body as { readonly plannedAt: string }).plannedAt);
