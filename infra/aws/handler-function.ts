import { Duration, aws_lambda as lambda, aws_logs as logs, RemovalPolicy } from "aws-cdk-lib";
import { Construct } from "constructs";
import { bundledHandler } from "./bundle/bundled-handler.ts";
import type { FunctionName, Grant } from "./grants.ts";
import { serviceRole } from "./service-role.ts";
import type { StackSettings } from "./stack-settings.ts";

export interface HandlerFunctionProps {
  /** The folder of functions/ whose handler.ts exports `handler`. */
  readonly name: FunctionName;
  /** A name of the account's; CloudFormation makes one where absent. */
  readonly functionName?: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do besides writing its log and its traces. */
  readonly grants?: readonly Grant[];
  readonly settings: StackSettings;
}

/** One Lambda function with its own role, its own log group and tracing. */
export class HandlerFunction extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { name, settings } = props;
    const logGroup = new logs.LogGroup(this, "Log", {
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new lambda.Function(this, "Function", {
      ...(props.functionName === undefined ? {} : { functionName: props.functionName }),
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: bundledHandler(name),
      handler: "index.handler",
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      environment: {
        ...props.environment,
        // Whatever a function records is stamped with its end.
        RECORD_RETENTION_DAYS: String(settings.recordRetentionDays),
        NODE_OPTIONS: "--enable-source-maps",
        POWERTOOLS_SERVICE_NAME: name,
        // Two stages of an account count apart.
        POWERTOOLS_METRICS_NAMESPACE: settings.names.stack,
      },
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      role: serviceRole(this, "Role", {
        service: "lambda.amazonaws.com",
        grants: [
          {
            name: `${name} may write its log`,
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [logGroup.logGroupArn],
          },
          tracing(`${name} may trace`),
          ...(props.grants ?? []),
        ],
        leaveOutGrants: settings.leaveOutGrants,
      }),
    });
  }
}

const tracing = (name: Grant["name"]): Grant => ({
  name,
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  wildcardReason: "X-Ray's write actions have no resource to name.",
});
