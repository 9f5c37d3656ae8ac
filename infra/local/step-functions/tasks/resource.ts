// What a Task calls: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html

/** A Task's Resource that this stack can carry out. */
export type Resource =
  | { readonly kind: "lambda function"; readonly arn: string }
  | { readonly kind: "lambda invoke"; readonly arn: string }
  | { readonly kind: "dynamodb"; readonly arn: string; readonly action: string }
  | { readonly kind: "sdk dynamodb"; readonly arn: string; readonly action: string }
  /** Only in TestState, with a mock in the place of the call. */
  | { readonly kind: "not emulated"; readonly arn: string };

/** What a Resource's text turned out to be. */
export type ReadResource =
  | { readonly known: Resource }
  /** AWS has it, this stack does not imitate it. */
  | { readonly notEmulated: string }
  | { readonly activity: string }
  | { readonly unrecognized: string };

const FUNCTION =
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(:[A-Za-z0-9-_$]+)?$/;
const ACTIVITY = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:.+$/;
const INTEGRATION =
  /^arn:aws[a-z-]*:states:([a-z0-9-]*):(\d{12})?:(aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(\.\w+(?::\d+)?)?$/;

/** Claims that a Resource has the form of a function's ARN, placeholders in the place of region and account among it. */
export const isFunctionLike = (resource: string): boolean =>
  /^arn:aws[a-z-]*:lambda:[^:]+:[^:]+:function:.+$/.test(resource);

/** The integration pattern that a Resource's suffix asks for. */
export const integrationPattern = (resource: string): ".sync" | ".waitForTaskToken" | undefined => {
  if (/\.sync(:\d+)?$/.test(resource)) return ".sync";
  return resource.endsWith(".waitForTaskToken") ? ".waitForTaskToken" : undefined;
};

/** Reads a Resource. The pattern behind the last dot is not looked at. */
export const readResource = (text: string): ReadResource => {
  if (FUNCTION.test(text)) return { known: { kind: "lambda function", arn: text } };
  if (ACTIVITY.test(text)) return { activity: text };
  const [, , , sdk, service, action, suffix] = INTEGRATION.exec(text) ?? [];
  if (service === undefined || action === undefined) return { unrecognized: text };
  if (sdk !== undefined) return readSdkResource(text, service, action);
  const actions = OPTIMIZED[service];
  if (actions === undefined || !actions.includes(action)) return { unrecognized: text };
  if (suffix === undefined && service === "lambda") {
    return { known: { kind: "lambda invoke", arn: text } };
  }
  if (suffix === undefined && service === "dynamodb") {
    return { known: { kind: "dynamodb", arn: text, action } };
  }
  return { notEmulated: text };
};

const readSdkResource = (text: string, service: string, action: string): ReadResource => {
  if (service !== "dynamodb") {
    return SDK_SERVICES.has(service) ? { notEmulated: text } : { unrecognized: text };
  }
  return DYNAMODB_ACTIONS.has(action)
    ? { known: { kind: "sdk dynamodb", arn: text, action } }
    : { unrecognized: text };
};

// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
const OPTIMIZED: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["invoke"],
  athena: ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
  batch: ["submitJob"],
  bedrock: ["invokeModel", "createModelCustomizationJob"],
  codebuild: ["startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports", "startBuildBatch"],
  dynamodb: ["getItem", "putItem", "updateItem", "deleteItem"],
  ecs: ["runTask"],
  eks: ["createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup", "call", "runJob"],
  elasticmapreduce: ["createCluster", "terminateCluster", "addStep", "cancelStep"],
  events: ["putEvents"],
  glue: ["startJobRun"],
  http: ["invoke"],
  lambda: ["invoke"],
  mediaconvert: ["createJob"],
  sagemaker: ["createTrainingJob", "createTransformJob", "createModel", "createEndpoint"],
  sns: ["publish"],
  sqs: ["sendMessage"],
  states: ["startExecution"],
};

// A part of the list in https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html: the services
// that a machine of this kind may call. The IoT data plane is not in AWS's list, and so is refused as AWS refuses it.
const SDK_SERVICES: ReadonlySet<string> = new Set([
  "apigateway",
  "cloudformation",
  "cloudwatch",
  "cloudwatchlogs",
  "cognitoidentity",
  "cognitoidentityprovider",
  "ec2",
  "ecs",
  "eventbridge",
  "iam",
  "iot",
  "iotevents",
  "ioteventsdata",
  "iotjobsdataplane",
  "kinesis",
  "kms",
  "lambda",
  "s3",
  "scheduler",
  "secretsmanager",
  "sfn",
  "sns",
  "sqs",
  "ssm",
  "sts",
]);

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html, in camel case
const DYNAMODB_ACTIONS: ReadonlySet<string> = new Set([
  "batchExecuteStatement",
  "batchGetItem",
  "batchWriteItem",
  "createBackup",
  "createGlobalTable",
  "createTable",
  "deleteBackup",
  "deleteItem",
  "deleteTable",
  "describeBackup",
  "describeContinuousBackups",
  "describeEndpoints",
  "describeLimits",
  "describeTable",
  "describeTimeToLive",
  "executeStatement",
  "executeTransaction",
  "getItem",
  "listBackups",
  "listTables",
  "listTagsOfResource",
  "putItem",
  "query",
  "scan",
  "tagResource",
  "transactGetItems",
  "transactWriteItems",
  "untagResource",
  "updateContinuousBackups",
  "updateItem",
  "updateTable",
  "updateTimeToLive",
]);
