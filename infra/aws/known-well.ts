import type {
  aws_bedrockagentcore as agentcore,
  aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  aws_sns as sns,
  aws_sqs as sqs,
  aws_stepfunctions as stepfunctions,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import type { SignIn } from "./sign-in.ts";
import type { StackSettings } from "./stack-settings.ts";
import type { TopicRules } from "./topic-rules.ts";
import { StackDashboard } from "./watch/dashboard.ts";
import { LogAlarms } from "./watch/log-alarms.ts";
import { RunAlarms } from "./watch/run-alarms.ts";
import { ServiceAlarms } from "./watch/service-alarms.ts";

export interface KnownWellProps {
  readonly topic: sns.ITopic;
  readonly tables: readonly dynamodb.TableV2[];
  readonly runScene: stepfunctions.StateMachine;
  readonly rules: TopicRules;
  readonly gateway: agentcore.Gateway;
  readonly signIn: SignIn;
  readonly functions: readonly lambda.Function[];
  readonly deadLetters: readonly sqs.Queue[];
  readonly settings: StackSettings;
}

/** How it is known that the stack is well: alarms that tell one topic, and a dashboard for a look. */
export class KnownWell extends Construct {
  constructor(scope: Construct, id: string, props: KnownWellProps) {
    super(scope, id);
    const { topic, runScene, gateway, signIn, rules, functions, tables, deadLetters } = props;
    // Two stages of an account count apart.
    const namespace = props.settings.names.stack;
    new RunAlarms(this, "Runs", namespace, topic, runScene);
    new ServiceAlarms(this, "Services", {
      namespace,
      topic,
      gateway,
      userPoolId: signIn.userPool.userPoolId,
      clientIds: [signIn.clients.machine, signIn.clients.claudeWeb, signIn.clients.local].map(
        ({ userPoolClientId }) => userPoolClientId,
      ),
      grantScopes: signIn.grantScopes.function,
      functions,
      tables,
      rules: rules.names,
      ruleErrors: rules.errors,
      deadLetters,
    });
    new LogAlarms(this, "Log", namespace, topic);
    new StackDashboard(this, "Dashboard", { namespace, runScene, gateway, functions, deadLetters });
  }
}
