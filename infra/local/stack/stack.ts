import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { takeDataDirectory } from "#local/wire/data-directory.ts";
import type { Credentials } from "#local/wire/signature.ts";
import { describeStacks } from "../cloudformation/describe-stacks.ts";
import type { Deployment } from "../cloudformation/physical-resource.ts";
import { notUnderstood, readTemplate } from "../cloudformation/read-template.ts";
import {
  type ResolvedResource,
  resolveOutputs,
  resolveTemplate,
} from "../cloudformation/resolve-template.ts";
import { type Cognito, startCognito } from "../cognito/cognito.ts";
import { openDynamoDb } from "../dynamodb/dynamo-db.ts";
import { type CarriedOutCall, startAwsEndpoint } from "../endpoint/aws-endpoint.ts";
import { startGateway } from "../gateway/gateway.ts";
import { createIam } from "../iam/iam.ts";
import { startIot } from "../iot/iot.ts";
import { startLambda } from "../lambda/lambda.ts";
import { createCloudWatchLogs } from "../logs/cloudwatch-logs.ts";
import { createStepFunctions } from "../step-functions/step-functions.ts";
import { createStateMachines } from "./create-state-machines.ts";
import { createTables } from "./create-tables.ts";
import { templateFunctions } from "./template-functions.ts";
import { templateRoles } from "./template-roles.ts";

/** Ports on the loopback interface; 0 takes a free one. */
export interface Ports {
  readonly gateway: number;
  readonly cognito: number;
  readonly aws: number;
  readonly mqtt: number;
}

/** A port beyond the loopback interface: MQTT over TLS, for devices that sign in with certificates. */
export interface Lan {
  readonly port: number;
  /** The one address to listen on; all interfaces where absent. */
  readonly host?: string;
}

export interface StackOptions {
  /** Gives the cloud assembly, e.g. `cdk.out`; called when the data directory is held. */
  readonly assembly: () => Promise<string>;
  readonly stackName: string;
  /** Holds everything that survives a restart. */
  readonly data: string;
  readonly ports: Ports;
  /** Made at first start, each with a password of its own. */
  readonly users: readonly { readonly username: string; readonly groups: readonly string[] }[];
  /** Absent: everything is on the loopback interface. Not with `mqttBroker`. */
  readonly lan?: Lan;
  /** Broker that takes the embedded one's place, e.g. `mqtt://127.0.0.1:1884` of a mosquitto. */
  readonly mqttBroker?: string;
  /** Delivers each asynchronous start of an Express workflow twice, as AWS may. */
  readonly deliverAsyncStartsTwice?: boolean;
  /** Told of each call that the AWS endpoint carried out: what a bill and the quotas would count. */
  readonly onCall?: ((call: CarriedOutCall) => void) | undefined;
  /** Told of what a person should see: a refused permission, a rule action that failed. */
  log(line: string): void;
}

/** An app client of the user pool. */
export interface StackClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** The running imitation of a deployed stack. */
export interface Stack {
  readonly gatewayUrl: string;
  readonly issuer: string;
  readonly cognitoUrl: string;
  readonly clients: readonly StackClient[];
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly groups: readonly string[];
  }[];
  /** The one AWS endpoint, with the credentials of a user who may do everything. */
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly accountId: string;
    readonly credentials: Credentials;
  };
  readonly mqttUrl: string;
  /** Where devices on the network connect, if that was asked for. */
  readonly mqttTlsPort?: number;
  /** The certificate by which devices know this stack; made when the first device is registered or let in. */
  readonly rootCertificateFile: string;
  /** Physical name by logical id, e.g. of a table. */
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly name: string;
  }[];
  /** Stops everything, in the order in which nothing acknowledged is lost. */
  close(): Promise<void>;
}

const REGION = "us-east-1";
const ACCOUNT_ID = "000000000000";

/**
 * Starts everything that a synthesized template declares.
 * @throws LocalError `PortInUse`, `AlreadyRunning`, `DataDamaged` or `TemplateNotUnderstood`; nothing is left running
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const data = takeDataDirectory(options.data);
  const started: (() => Promise<void> | void)[] = [() => data.release()];
  const close = closeOnce(started);
  try {
    return await start(options, data, started, close);
  } catch (error) {
    await close();
    throw error;
  }
};

const start = async (
  options: StackOptions,
  data: ReturnType<typeof takeDataDirectory>,
  started: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Stack> => {
  const { ports, log } = options;
  const deployment: Deployment = {
    region: REGION,
    accountId: ACCOUNT_ID,
    stackName: options.stackName,
    masterSecret: data.masterSecret,
  };
  const template = readTemplate(await options.assembly(), options.stackName);
  const resources = resolveTemplate(template, deployment);
  const ofType = (type: string): readonly ResolvedResource[] =>
    resources.filter((resource) => resource.type === type);
  const derive = (purpose: string): string =>
    createHmac("sha256", data.masterSecret).update(purpose).digest("base64url");
  const operator: Credentials = {
    accessKeyId: `AKIA${derive("operator/id")
      .replaceAll(/[^A-Za-z0-9]/g, "")
      .slice(0, 16)
      .toUpperCase()}`,
    secretAccessKey: derive("operator/secret"),
  };
  const logDirectory = data.file("logs");
  mkdirSync(logDirectory, { recursive: true, mode: 0o700 });

  const iam = createIam({
    accountId: ACCOUNT_ID,
    masterSecret: data.masterSecret,
    operator: { accessKeyId: operator.accessKeyId, secretAccessKey: operator.secretAccessKey },
    roles: templateRoles(resources),
  });
  const endpoint = await startAwsEndpoint({
    port: ports.aws,
    iam,
    log,
    onCall: options.onCall,
  });
  started.push(() => endpoint.close());
  const as = (credentials: Credentials): AwsAccess => ({
    endpoint: endpoint.url,
    region: REGION,
    credentials,
  });
  /** What a service gets when it assumes a role, on behalf of a resource where it names one. */
  const roleOf =
    (servicePrincipal: string) =>
    (roleArn: string, sourceArn?: string): AwsAccess =>
      as(iam.credentialsFor(roleArn, servicePrincipal, sourceArn));

  endpoint.register(
    describeStacks({
      name: options.stackName,
      arn: `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${options.stackName}/local`,
      startedMs: Date.now(),
      outputs: resolveOutputs(template, deployment),
    }),
  );
  endpoint.register(
    createCloudWatchLogs({
      region: REGION,
      accountId: ACCOUNT_ID,
      directory: logDirectory,
      logGroups: ofType("AWS::Logs::LogGroup").map((group) => group.physical.ref),
    }),
  );

  const dynamoDb = await openDynamoDb({
    file: data.file("dynamodb.sqlite"),
    region: REGION,
    accountId: ACCOUNT_ID,
    log,
  });
  started.push(() => dynamoDb.close());
  endpoint.register(dynamoDb.service);

  const lambda = await startLambda({
    region: REGION,
    accountId: ACCOUNT_ID,
    // No X-Ray daemon listens here; without one the tracer would only cost time.
    functions: templateFunctions(template, resources).map((one) => ({
      ...one,
      environment: { ...one.environment, POWERTOOLS_TRACE_ENABLED: "false" },
    })),
    access: roleOf("lambda.amazonaws.com"),
    logDirectory,
    log,
  });
  started.push(() => lambda.close());
  endpoint.register(lambda.service);

  const stepFunctions = createStepFunctions({
    region: REGION,
    accountId: ACCOUNT_ID,
    access: roleOf("states.amazonaws.com"),
    logDirectory,
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false,
  });
  started.push(() => stepFunctions.close());
  endpoint.register(stepFunctions.service);

  const rootCertificateFile = data.file("root-ca.pem");
  const iot = await startIot({
    file: data.file("iot.sqlite"),
    authority: { key: data.file("root-ca.key"), certificate: rootCertificateFile },
    policies: ofType("AWS::IoT::Policy").map(({ physical, properties }) => ({
      name: physical.ref,
      document: properties.PolicyDocument,
    })),
    mqtt:
      options.mqttBroker === undefined
        ? {
            kind: "embedded",
            port: ports.mqtt,
            ...(options.lan === undefined ? {} : { tls: options.lan }),
          }
        : { kind: "external", url: options.mqttBroker },
    region: REGION,
    accountId: ACCOUNT_ID,
    access: roleOf("iot.amazonaws.com"),
    rules: ofType("AWS::IoT::TopicRule").map(({ physical, properties }) => ({
      name: physical.ref,
      properties,
    })),
    log,
  });
  started.push(() => iot.close());
  for (const service of iot.services) endpoint.register(service);

  await createTables(as(operator), ofType("AWS::DynamoDB::GlobalTable"));
  await createStateMachines(as(operator), ofType("AWS::StepFunctions::StateMachine"));

  const pool = theOne(ofType("AWS::Cognito::UserPool"), "user pool");
  const cognito = await startCognito({
    port: ports.cognito,
    file: data.file("cognito.sqlite"),
    region: REGION,
    accountId: ACCOUNT_ID,
    pools: [describePool(pool, ofType)],
    access: () => as(operator),
    seedUsers: options.users,
    log,
  });
  started.push(() => cognito.close());
  endpoint.register(cognito.service);

  const declared = theOne(ofType("AWS::BedrockAgentCore::Gateway"), "gateway");
  const gateway = await startGateway({
    port: ports.gateway,
    gatewayId: declared.physical.attributes.GatewayIdentifier ?? "",
    properties: declared.properties,
    targets: ofType("AWS::BedrockAgentCore::GatewayTarget").map(({ physical, properties }) => ({
      targetId: physical.ref,
      properties,
    })),
    rateLimits: ofType("AWS::BedrockAgentCore::GatewayRateLimit").map(
      ({ physical, properties }) => ({ rateLimitId: physical.ref, properties }),
    ),
    rewriteUrl: (url) =>
      url.replace(`https://cognito-idp.${REGION}.amazonaws.com/`, `${cognito.url}/`),
    access: roleOf("bedrock-agentcore.amazonaws.com")(
      String(declared.properties.RoleArn),
      declared.physical.ref,
    ),
    log,
  });
  started.push(() => gateway.close());

  return {
    gatewayUrl: gateway.url,
    issuer: `${cognito.url}/${pool.physical.ref}`,
    cognitoUrl: cognito.url,
    clients: ofType("AWS::Cognito::UserPoolClient").map((client) =>
      describeClient(client, cognito),
    ),
    users: cognito.seededUsers(),
    aws: {
      endpoint: endpoint.url,
      region: REGION,
      accountId: ACCOUNT_ID,
      credentials: operator,
    },
    mqttUrl: iot.mqttUrl,
    ...(iot.mqttTlsPort === undefined ? {} : { mqttTlsPort: iot.mqttTlsPort }),
    rootCertificateFile,
    resources: resources.map(({ logicalId, type, physical }) => ({
      logicalId,
      type,
      name: physical.ref,
    })),
    close,
  };
};

const describePool = (
  pool: ResolvedResource,
  ofType: (type: string) => readonly ResolvedResource[],
) => {
  const ofPool = (type: string): readonly ResolvedResource[] =>
    ofType(type).filter((resource) => resource.properties.UserPoolId === pool.physical.ref);
  const [domain] = ofPool("AWS::Cognito::UserPoolDomain");
  return {
    poolId: pool.physical.ref,
    properties: pool.properties,
    ...(domain === undefined ? {} : { domain: domain.properties }),
    resourceServers: ofPool("AWS::Cognito::UserPoolResourceServer").map((one) => one.properties),
    groups: ofPool("AWS::Cognito::UserPoolGroup").map((one) => one.properties),
    brandings: ofPool("AWS::Cognito::ManagedLoginBranding").map((one) => one.properties),
    clients: ofPool("AWS::Cognito::UserPoolClient").map(({ physical, properties }) => ({
      clientId: physical.ref,
      properties,
    })),
  };
};

const describeClient = (client: ResolvedResource, cognito: Cognito): StackClient => {
  const secret = cognito.clientSecret(client.physical.ref);
  return {
    name: client.physical.attributes.Name ?? client.logicalId,
    clientId: client.physical.ref,
    ...(secret === undefined ? {} : { clientSecret: secret }),
  };
};

const theOne = (resources: readonly ResolvedResource[], what: string): ResolvedResource => {
  const [only, ...more] = resources;
  if (only === undefined || more.length > 0) {
    throw notUnderstood(`it has ${resources.length} ${what}s; exactly one is imitated.`);
  }
  return only;
};

// Last started, first stopped: the gateway takes no new calls before the services behind it go.
const closeOnce = (started: readonly (() => Promise<void> | void)[]): (() => Promise<void>) => {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= (async () => {
      for (const stop of [...started].reverse()) await stop();
    })();
    return closing;
  };
};
