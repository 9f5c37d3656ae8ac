// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html

/** What a schedule calls, members named as AWS names them. */
export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input: string;
  readonly RetryPolicy: {
    readonly MaximumEventAgeInSeconds: number;
    readonly MaximumRetryAttempts: number;
  };
  readonly DeadLetterConfig?: { readonly Arn: string };
}

export type ScheduleState = "ENABLED" | "DISABLED";

/** All that a create or an update says of a schedule, defaults filled in. Dates are epoch seconds, as on the wire. */
export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly Description?: string;
  readonly State: ScheduleState;
  readonly FlexibleTimeWindow:
    | { readonly Mode: "OFF" }
    | { readonly Mode: "FLEXIBLE"; readonly MaximumWindowInMinutes: number };
  readonly Target: ScheduleTarget;
  readonly ActionAfterCompletion: "NONE" | "DELETE";
}
