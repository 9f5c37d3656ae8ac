import {
  Duration,
  Stack,
  aws_scheduler as scheduler,
  type aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { canaryThing } from "#domain/home/canary.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import type { TriedRoles } from "./first-deployment/tried-roles.ts";
import { HandlerFunction } from "./handler-function.ts";
import { thingArn } from "./names/iot-arns.ts";
import type { Schedules } from "./schedules.ts";
import type { SignIn } from "./sign-in.ts";
import type { StackSettings } from "./stack-settings.ts";
import { measured } from "./watch/metrics.ts";
import { ToldAlarm } from "./watch/told-alarm.ts";

const MINUTES = 15;

export interface CanaryProps {
  readonly schedules: Schedules;
  readonly signIn: SignIn;
  readonly machineSecret: secretsmanager.Secret;
  readonly gatewayUrl: string;
  readonly alarmTopic: sns.ITopic;
  readonly settings: StackSettings;
}

/** A scene of one simulated lamp every quarter of an hour, run as everybody runs one, and an alarm where it is not done. */
export class Canary extends Construct {
  readonly triedRoles: TriedRoles;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { schedules, signIn, machineSecret, gatewayUrl, alarmTopic, settings } = props;
    const { thingPrefix, stack } = settings.names;
    const run = new HandlerFunction(this, "RunCanary", {
      name: "run-canary",
      description: "Runs the scene of a simulated lamp through the gateway, and plays the lamp.",
      // A lamp has two seconds; a cold start of every function and two tries of a token come before.
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: {
        MACHINE_SECRET_ARN: machineSecret.secretArn,
        TOKEN_URL: `${signIn.domain.baseUrl()}/oauth2/token`,
        GATEWAY_URL: gatewayUrl,
        THING_PREFIX: thingPrefix,
      },
      grants: [
        {
          name: "run-canary may read the machine client secret",
          actions: ["secretsmanager:GetSecretValue"],
          resources: [machineSecret.secretArn],
        },
        {
          name: "run-canary may be its lamp",
          actions: ["iot:GetThingShadow", "iot:UpdateThingShadow"],
          resources: [thingArn(Stack.of(this), canaryThing(parseThingPrefix(thingPrefix)))],
        },
      ],
      settings,
    });
    // The next quarter of an hour tries again.
    run.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(MINUTES) });
    const { functionArn } = run.function;
    const role = schedules.roleOfGroup(this, "ScheduleRole", settings.leaveOutGrants, [
      {
        name: "canary-schedule may invoke run-canary",
        actions: ["lambda:InvokeFunction"],
        resources: [functionArn],
      },
    ]);
    const schedule = new scheduler.CfnSchedule(this, "EveryQuarter", {
      // No home's schedule has such a name: theirs hold a full stop.
      name: "run-canary",
      groupName: schedules.groupName,
      description: "Runs the canary.",
      scheduleExpression: `rate(${MINUTES} minutes)`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: MINUTES * 60 },
      },
    });
    schedule.addResourceDependency(schedules.group);
    this.triedRoles = { roles: [role], takenBy: [schedule] };
    new ToldAlarm(this, "CanaryFailed", alarmTopic, {
      metric: measured(stack, "run-canary", "CanaryFailures", "Sum", {
        period: Duration.minutes(MINUTES),
      }),
      above: 0,
      periods: 2,
      silenceRings: true,
      means: "The canary's scene was not done twice in a row, or did not run at all",
    });
  }
}
