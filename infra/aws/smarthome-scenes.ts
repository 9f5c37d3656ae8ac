import { type App, CfnOutput, aws_logs as logs, Stack } from "aws-cdk-lib";
import { AuditFunction } from "./audit-function.ts";
import { AuditLog } from "./audit-log.ts";
import { Canary } from "./canary.ts";
import { ConsoleSite } from "./console/console-site.ts";
import { parseConsoleUrl } from "./console/console-url.ts";
import { DevicePolicy } from "./device-policy.ts";
import { letTimePass } from "./first-deployment/tried-roles.ts";
import { FleetFunction } from "./fleet-function.ts";
import type { GrantName } from "./grants.ts";
import { HomeFunction } from "./home-function.ts";
import { KnownWell } from "./known-well.ts";
import { stageNames } from "./names/stage.ts";
import { RunSceneWorkflow } from "./run-scene-workflow.ts";
import { RunSweeper } from "./run-sweeper.ts";
import { ScheduledScenes } from "./scheduled-scenes.ts";
import { Schedules } from "./schedules.ts";
import { SignIn } from "./sign-in.ts";
import type { StackSettings, WorkflowLog } from "./stack-settings.ts";
import { Tables } from "./tables.ts";
import { ToolGateway } from "./tool-gateway.ts";
import { TopicRules } from "./topic-rules.ts";
import { AlarmTopic } from "./watch/alarm-topic.ts";
import { Budget, parseMonthlyBudget } from "./watch/budget.ts";

export interface SmarthomeScenesProps {
  /** Lets several stacks share an account: the stage's name is in all their names. The context `stage` says it too. */
  readonly stage?: string;
  /** How long logs are kept; a month by default. */
  readonly logRetention?: logs.RetentionDays;
  /** What the workflow logs: errors by default, everything for development. The context `workflowLog` says it too. */
  readonly workflowLog?: WorkflowLog;
  /** Runs a scene of a simulated lamp every quarter of an hour; off by default, and the context `canary=yes` says it too. */
  readonly canary?: boolean;
  /**
   * Dollars that the account may cost in a month before the alarms' topic is told; nobody watches by default. The context
   * `monthlyBudget` says it too.
   */
  readonly monthlyBudget?: number;
  /** How long a record of the audit is kept, in days; 400 by default. What its log proves is kept for good. */
  readonly recordRetentionDays?: number;
  /** Tables and users survive the deletion of the stack and cannot be deleted by accident; so by default. */
  readonly protectData?: boolean;
  /**
   * The first deployment: tables and users can still be deleted, so that nothing stays of it when it fails; the next one
   * protects them. The context `first` says it too (`-c first=yes`).
   */
  readonly isFirst?: boolean;
  /** Where the sign-in page is; lower case, unique in the region. By default it holds the account's number. */
  readonly domainPrefix?: string;
  /**
   * The gateway's URL, as clients enter it: codex makes its callback of it. It is known when the stack has been deployed
   * once; `npm run deploy` sees to that. The context `gatewayUrl` says it too.
   */
  readonly gatewayUrl?: string;
  /**
   * Where the operators' console is found, e.g. `https://d111111abcdef8.cloudfront.net`: its sign-in leads back there. It
   * is known when the stack has been deployed once; `npm run deploy` sees to that. The context `consoleUrl` says it too.
   */
  readonly consoleUrl?: string;
  /** What the gateway asks of a token and advertises; both scopes by default, and no setting for an empty list. */
  readonly allowedScopes?: readonly string[];
  /** Grants to leave out, so that a test can see what fails without them. */
  readonly leaveOutGrants?: readonly GrantName[];
}

// A year and five weeks: what happened on the same day a year ago can still be looked up.
const DEFAULT_RETENTION_DAYS = 400;

/** The whole system in one stack, for any account and region. */
export class SmarthomeScenes extends Stack {
  constructor(app: App, props: SmarthomeScenesProps = {}) {
    const names = stageNames(props.stage ?? app.node.tryGetContext("stage"));
    const knownUrl: unknown = props.gatewayUrl ?? app.node.tryGetContext("gatewayUrl");
    super(app, names.stack, { description: "Scenes whose result is what each device reported." });
    const protectData = props.protectData ?? true;
    const isFirst = props.isFirst ?? app.node.tryGetContext("first") === "yes";
    const settings: StackSettings = {
      names,
      workflowLog: parseWorkflowLog(props.workflowLog ?? app.node.tryGetContext("workflowLog")),
      logRetention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      recordRetentionDays: props.recordRetentionDays ?? DEFAULT_RETENTION_DAYS,
      protectData,
      refuseDeletion: protectData && !isFirst,
      leaveOutGrants: props.leaveOutGrants ?? [],
    };
    const alarmTopic = new AlarmTopic(this, "AlarmTopic", names.stack);
    const dollars = parseMonthlyBudget(
      props.monthlyBudget ?? app.node.tryGetContext("monthlyBudget"),
    );
    if (dollars !== undefined) new Budget(this, "Budget", alarmTopic, dollars);
    const tables = new Tables(this, "Tables", settings);
    const log = new AuditLog(this, "AuditLog", {
      auditTable: tables.audit,
      logTable: tables.log,
      settings,
    });
    const topicRules = new TopicRules(this, "TopicRules", { auditTable: tables.audit, settings });
    const devices = new DevicePolicy(this, "DevicePolicy", settings);
    const runScene = new RunSceneWorkflow(this, "RunScene", {
      homeTable: tables.home,
      auditTable: tables.audit,
      settings,
    });
    const sweeper = new RunSweeper(this, "RunSweeper", {
      auditTable: tables.audit,
      logTable: tables.log,
      settings,
    });
    const schedules = new Schedules(this, "Schedules", settings);
    const home = new HomeFunction(this, "Home", {
      homeTable: tables.home,
      auditTable: tables.audit,
      runScene: runScene.stateMachine,
      schedules,
      settings,
    });
    const fleet = new FleetFunction(this, "Fleet", {
      homeTable: tables.home,
      auditTable: tables.audit,
      settings,
    });
    const audit = new AuditFunction(this, "AuditTools", {
      homeTable: tables.home,
      auditTable: tables.audit,
      logTable: tables.log,
      logKeyArn: log.keyArn,
      settings,
    });
    const signIn = new SignIn(this, "SignIn", {
      settings,
      gatewayUrls: typeof knownUrl === "string" ? [knownUrl] : [],
      consoleUrl: parseConsoleUrl(props.consoleUrl ?? app.node.tryGetContext("consoleUrl")),
      ...(props.domainPrefix === undefined ? {} : { domainPrefix: props.domainPrefix }),
    });
    const gateway = new ToolGateway(this, "ToolGateway", {
      signIn,
      home,
      fleet,
      audit,
      auditTable: tables.audit,
      settings,
      ...(props.allowedScopes === undefined ? {} : { allowedScopes: props.allowedScopes }),
    });
    const scheduled = new ScheduledScenes(this, "ScheduledScenes", {
      homeTable: tables.home,
      auditTable: tables.audit,
      schedules,
      signIn,
      gatewayUrl: gateway.url,
      alarmTopic,
      settings,
    });
    new KnownWell(this, "Well", {
      topic: alarmTopic,
      tables: [tables.home, tables.audit, tables.log],
      runScene: runScene.stateMachine,
      rules: topicRules,
      gateway: gateway.gateway,
      signIn,
      functions: [
        home,
        fleet,
        audit,
        ...runScene.tasks,
        gateway.interceptor,
        signIn.grantScopes,
        log.sealRecords,
        sweeper.sweepRuns,
      ].map((one) => one.function),
      deadLetters: [schedules.deadLetters, scheduled.failures, runScene.failures],
      settings,
    });
    const canary =
      (props.canary ?? app.node.tryGetContext("canary") === "yes")
        ? [
            new Canary(this, "Canary", {
              schedules,
              signIn,
              machineSecret: scheduled.machineSecret,
              gatewayUrl: gateway.url,
              alarmTopic,
              settings,
            }),
          ]
        : [];
    letTimePass(
      [topicRules, log, sweeper, scheduled, ...canary].map(({ triedRoles }) => triedRoles),
      gateway.changes,
    );
    const site = new ConsoleSite(this, "Console", {
      gatewayUrl: gateway.url,
      signInUrl: signIn.domain.baseUrl(),
    });
    const outputs: Readonly<Record<string, string | undefined>> = {
      GatewayUrl: gateway.url,
      Issuer: signIn.userPool.userPoolProviderUrl,
      SignInDomain: signIn.domain.baseUrl(),
      UserPoolId: signIn.userPool.userPoolId,
      MachineClientId: signIn.clients.machine.userPoolClientId,
      ClaudeWebClientId: signIn.clients.claudeWeb.userPoolClientId,
      LocalClientId: signIn.clients.local.userPoolClientId,
      ConsoleClientId: signIn.clients.console.userPoolClientId,
      ConsoleUrl: site.url,
      ConsoleBucket: site.bucket.bucketName,
      DevicePolicyName: devices.policyName,
      HomeTableName: tables.home.tableName,
      AuditTableName: tables.audit.tableName,
      ScheduleGroupName: schedules.groupName,
      ScheduleRoleArn: schedules.role.roleArn,
      StartScheduledSceneArn: schedules.startScheduledSceneArn,
      ScheduleDeadLettersArn: schedules.deadLetters.queueArn,
      ScheduleDeadLettersUrl: schedules.deadLetters.queueUrl,
      ScheduledSceneFailuresUrl: scheduled.failures.queueUrl,
      RunSceneLogGroupName: runScene.logGroupName,
      LogTableName: tables.log.tableName,
      LogKeyArn: log.keyArn,
      RecordRetentionDays: String(settings.recordRetentionDays),
      AlarmTopicArn: alarmTopic.topicArn,
      // The default stage has none: whether an output may be empty is not documented.
      ThingPrefix: names.thingPrefix === "" ? undefined : names.thingPrefix,
    };
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }
}

const parseWorkflowLog = (given: unknown): WorkflowLog => {
  if (given === undefined || given === "errors") return "errors";
  if (given === "everything") return given;
  throw new Error(
    `${JSON.stringify(given)} is nothing that the workflow can log: -c workflowLog=errors or -c workflowLog=everything`,
  );
};
