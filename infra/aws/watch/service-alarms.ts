import type {
  aws_bedrockagentcore as agentcore,
  aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  aws_logs as logs,
  aws_sns as sns,
  aws_sqs as sqs,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { FIVE_MINUTES, measured, summed, together } from "./metrics.ts";
import { ToldAlarm } from "./told-alarm.ts";

export interface ServiceAlarmsProps {
  readonly namespace: string;
  readonly topic: sns.ITopic;
  readonly gateway: agentcore.Gateway;
  readonly userPoolId: string;
  /** Its app clients: Cognito counts by them. */
  readonly clientIds: readonly string[];
  readonly grantScopes: lambda.IFunction;
  /** Those whose error somebody notices; at most ten metrics fit into one alarm. */
  readonly functions: readonly lambda.IFunction[];
  readonly tables: readonly dynamodb.TableV2[];
  readonly rules: readonly string[];
  readonly ruleErrors: logs.ILogGroup;
  readonly deadLetters: readonly sqs.Queue[];
}

// They refuse calls, and count them.
const REFUSING: readonly string[] = ["intercept-tool-call", "home", "fleet", "audit"];

/** What rings when something that the stack stands on does not do what it should. */
export class ServiceAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    this.#iot(props);
    this.#gateway(props);
    this.#signIn(props);
    this.#functions(props);
    this.#storage(props);
  }

  #iot({ topic, rules, ruleErrors }: ServiceAlarmsProps): void {
    // https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html
    const ofRules = (metricName: string) =>
      rules.map((RuleName) => summed("AWS/IoT", metricName, { RuleName }));
    new ToldAlarm(this, "AcknowledgementsLost", topic, {
      metric: summed("AWS/Logs", "IncomingLogEvents", { LogGroupName: ruleErrors.logGroupName }),
      above: 0,
      means: "A rule of IoT could not do its action: an acknowledgement or a last will is lost",
    });
    new ToldAlarm(this, "RulesNotCarriedOut", topic, {
      metric: together("messages that no rule worked on", [
        ...ofRules("ParseError"),
        ...ofRules("RuleMessageThrottled"),
      ]),
      above: 0,
      means: "A rule of IoT could not read a message, or was throttled",
    });
  }

  #gateway({ topic, namespace, gateway }: ServiceAlarmsProps): void {
    const sum = { period: FIVE_MINUTES, statistic: "Sum" };
    new ToldAlarm(this, "GatewayErrors", topic, {
      metric: gateway.metricSystemErrors(sum),
      above: 2,
      periods: 3,
      ofThem: 2,
      means: "The gateway answers with errors of its own (5xx)",
    });
    new ToldAlarm(this, "GatewayRefusals", topic, {
      metric: gateway.metricUserErrors(sum),
      above: 50,
      means: "The gateway refuses many requests (4xx)",
    });
    new ToldAlarm(this, "GatewayThrottled", topic, {
      metric: gateway.metricThrottles(sum),
      above: 9,
      means: "The gateway takes no more requests of somebody, or of anybody (429)",
    });
    new ToldAlarm(this, "GatewaySlow", topic, {
      metric: gateway.metricLatency({ period: FIVE_MINUTES, statistic: "p99" }),
      // Most clients give up after a minute.
      above: 50_000,
      periods: 3,
      ofThem: 2,
      means: "Answers take so long that clients give up",
    });
    new ToldAlarm(this, "CallsRefused", topic, {
      metric: together(
        "refused calls",
        REFUSING.map((service) => measured(namespace, service, "RefusedCalls", "Sum")),
      ),
      above: 50,
      means: "Many calls are refused by the functions",
    });
  }

  #signIn({ topic, userPoolId, clientIds, grantScopes }: ServiceAlarmsProps): void {
    // https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
    const throttles = ["SignInThrottles", "TokenRefreshThrottles"];
    new ToldAlarm(this, "SignInThrottled", topic, {
      metric: together(
        "throttled sign-ins",
        throttles.flatMap((metricName) =>
          clientIds.map((UserPoolClient) =>
            summed("AWS/Cognito", metricName, { UserPool: userPoolId, UserPoolClient }),
          ),
        ),
      ),
      above: 0,
      means: "Cognito throttles sign-ins",
    });
    new ToldAlarm(this, "SignInSlow", topic, {
      metric: grantScopes.metricDuration({ period: FIVE_MINUTES, statistic: "p99" }),
      above: 3_000,
      periods: 3,
      ofThem: 2,
      means: "The function that Cognito asks at each sign-in, for five seconds at most, is slow",
    });
  }

  #functions({ topic, functions, deadLetters }: ServiceAlarmsProps): void {
    new ToldAlarm(this, "FunctionsThrottled", topic, {
      // Of the whole account and region: the limit is theirs.
      metric: summed("AWS/Lambda", "Throttles", {}),
      above: 0,
      periods: 3,
      ofThem: 2,
      means: "Lambda refuses to run functions: more at once than the account may",
    });
    new ToldAlarm(this, "FunctionErrors", topic, {
      metric: together(
        "calls that ended in an error",
        functions.map((one) => one.metricErrors({ period: FIVE_MINUTES, statistic: "Sum" })),
      ),
      above: 0,
      means: "A function ended in an error or at its time limit",
    });
    new ToldAlarm(this, "DeadLetters", topic, {
      metric: together(
        "dead letters",
        deadLetters.map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({
            period: FIVE_MINUTES,
            statistic: "Maximum",
          }),
        ),
      ),
      above: 0,
      means: "Something that nobody waited for was given up",
    });
  }

  #storage({ topic, tables }: ServiceAlarmsProps): void {
    new ToldAlarm(this, "TablesThrottled", topic, {
      metric: together(
        "throttled reads and writes",
        tables.flatMap(({ tableName: TableName }) =>
          ["ReadThrottleEvents", "WriteThrottleEvents"].map((metricName) =>
            summed("AWS/DynamoDB", metricName, { TableName }),
          ),
        ),
      ),
      above: 0,
      periods: 3,
      ofThem: 2,
      means: "DynamoDB throttles a table",
    });
  }
}
