import { mkdirSync } from "node:fs";
import { type DataDirectory, takeDataDirectory } from "#local/wire/data-directory.ts";
import type { Credentials } from "#local/wire/signature.ts";
import { readBucket } from "../cloudfront/read-bucket.ts";
import type { CarriedOutCall } from "../endpoint/aws-endpoint.ts";
import type { IotOptions } from "../iot/iot.ts";
import { createAddresses } from "./addresses.ts";
import { checkAlarms } from "./check-alarms.ts";
import { createStateMachines } from "./create-state-machines.ts";
import { createTables } from "./create-tables.ts";
import { readDeclared } from "./declared.ts";
import type { Ground } from "./ground.ts";
import { registerKms } from "./register-kms.ts";
import { registerLogs } from "./register-logs.ts";
import { registerOutputs } from "./register-outputs.ts";
import { type RunningParts, runningParts } from "./running-parts.ts";
import { startBuckets, startDistribution } from "./start-distribution.ts";
import { startEndpoint } from "./start-endpoint.ts";
import { startFunctions } from "./start-functions.ts";
import { startIotCore } from "./start-iot-core.ts";
import { startQueues } from "./start-queues.ts";
import { startSchedules } from "./start-schedules.ts";
import { startSecrets } from "./start-secrets.ts";
import { startTables } from "./start-tables.ts";
import { startToolGateway } from "./start-tool-gateway.ts";
import { type StackClient, startUserPool } from "./start-user-pool.ts";
import { startWorkflows } from "./start-workflows.ts";

/** Ports on the loopback interface; 0 takes a free one. */
export interface Ports {
  readonly gateway: number;
  readonly cognito: number;
  readonly aws: number;
  readonly console: number;
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
  /** Where the template says that this machine serves the distribution, e.g. `http://localhost:4603`: its port is `ports.console`. */
  readonly servedLocally?: string;
  /** Absent: everything is on the loopback interface. Not with `mqttBroker`. */
  readonly lan?: Lan;
  /** Broker that takes the embedded one's place, e.g. `mqtt://127.0.0.1:1884` of a mosquitto. */
  readonly mqttBroker?: string;
  /** Delivers each asynchronous start of an Express workflow twice, as AWS may. */
  readonly deliverAsyncStartsTwice?: boolean;
  /** Logical ids of functions, or how they begin, of which a process is started with the stack: its first callers wait for none. */
  readonly warm?: readonly string[];
  /** How many calls of functions run at once in the account: what is beyond is throttled. 50 where absent. */
  readonly concurrentExecutions?: number | undefined;
  /** The pauses before an event that nobody waits for is tried again; AWS's, one and two minutes, where absent. */
  readonly eventRetryDelaysMs?: readonly number[] | undefined;
  /**
   * Looks at the tables that an earlier start left. What it throws ends the start, and nothing else was opened or
   * brought up to date by then.
   */
  readonly inspectTables?: (stack: Pick<Stack, "aws" | "resources">) => Promise<void>;
  /** Told of each call that the AWS endpoint carried out: what a bill and the quotas would count. */
  readonly onCall?: ((call: CarriedOutCall) => void) | undefined;
  /** Told of what a person should see: a refused permission, a rule action that failed. */
  log(line: string): void;
}

/** The running imitation of a deployed stack. */
export interface Stack {
  readonly gatewayUrl: string;
  readonly issuer: string;
  /** Of the distribution, on this machine. */
  readonly consoleUrl: string;
  readonly cognitoUrl: string;
  readonly clients: readonly StackClient[];
  readonly users: readonly {
    readonly username: string;
    readonly sub: string;
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
  const running = runningParts();
  running.keep({ close: data.release });
  try {
    return await start(options, data, running);
  } catch (error) {
    await running.close();
    throw error;
  }
};

const start = async (
  options: StackOptions,
  data: DataDirectory,
  running: RunningParts,
): Promise<Stack> => {
  const ground = await prepareGround(options, data, running);
  const { declared, endpoint } = ground;
  registerOutputs(ground);
  checkAlarms(declared);
  registerLogs(ground);
  running.keep(await startTables(ground));
  const { credentials } = endpoint.operator;
  const aws = { endpoint: endpoint.url, region: REGION, credentials, accountId: ACCOUNT_ID };
  const resources = declared.resources.map(({ logicalId, type, physical }) => ({
    logicalId,
    type,
    name: physical.ref,
  }));
  await options.inspectTables?.({ aws, resources });
  // It makes the keys that are missing.
  registerKms(ground);
  running.keep(startBuckets(ground));
  // Before the user pool, which leads back there.
  const site = running.keep(
    await startDistribution(ground, {
      port: options.ports.console,
      servedLocally: options.servedLocally,
      readObject: readBucket(endpoint.operator),
    }),
  );
  // At a first start it makes keys and passwords for some 300 ms, in threads of their own: the rest starts meanwhile.
  const startingPool = running.keepStarting(
    startUserPool(ground, { port: options.ports.cognito, users: options.users }),
  );
  running.keep(startQueues(ground));
  const functions = running.keep(await startFunctions(ground, options));
  running.keep(
    startWorkflows(ground, { deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false }),
  );
  const rootCertificateFile = data.file("root-ca.pem");
  const iot = running.keep(
    await startIotCore(ground, {
      authority: { key: data.file("root-ca.key"), certificate: rootCertificateFile },
      mqtt: mqttOf(options),
    }),
  );
  await createTables(endpoint.operator, declared.ofType("AWS::DynamoDB::GlobalTable"));
  await createStateMachines(endpoint.operator, declared.ofType("AWS::StepFunctions::StateMachine"));
  const pool = running.keep(await startingPool);
  running.keep(startSecrets(ground, pool.clients));
  const gateway = running.keep(await startToolGateway(ground, { port: options.ports.gateway }));
  // With every address known that they are given; they get ready while the rest starts.
  functions.warm(warmed(resources, options.warm ?? []));
  // Last: what was accepted before, and what came due meanwhile, calls all the others.
  functions.resumeEvents();
  running.keep(await startSchedules(ground));
  return {
    gatewayUrl: gateway.url,
    issuer: pool.issuer,
    consoleUrl: site.url,
    cognitoUrl: pool.url,
    clients: pool.clients,
    users: pool.users(),
    aws,
    mqttUrl: iot.mqttUrl,
    ...(iot.mqttTlsPort === undefined ? {} : { mqttTlsPort: iot.mqttTlsPort }),
    rootCertificateFile,
    resources,
    close: running.close,
  };
};

const warmed = (resources: Stack["resources"], beginnings: readonly string[]): readonly string[] =>
  resources
    .filter(
      ({ type, logicalId }) =>
        type === "AWS::Lambda::Function" && beginnings.some((one) => logicalId.startsWith(one)),
    )
    .map(({ name }) => name);

/** The template, read, and the endpoint on which its services will be found. */
const prepareGround = async (
  options: StackOptions,
  data: DataDirectory,
  running: RunningParts,
): Promise<Ground> => {
  const { stackName, ports, log } = options;
  const { masterSecret } = data;
  const identity = { region: REGION, accountId: ACCOUNT_ID, stackName, masterSecret };
  const declared = readDeclared(await options.assembly(), identity);
  const logDirectory = data.file("logs");
  mkdirSync(logDirectory, { recursive: true, mode: 0o700 });
  const endpoint = running.keep(
    await startEndpoint({ identity, declared, port: ports.aws, log, onCall: options.onCall }),
  );
  return {
    identity,
    declared,
    endpoint,
    addresses: createAddresses(),
    file: data.file,
    logDirectory,
    log,
  };
};

const mqttOf = ({ mqttBroker, ports, lan }: StackOptions): IotOptions["mqtt"] =>
  mqttBroker === undefined
    ? { kind: "embedded", port: ports.mqtt, ...(lan === undefined ? {} : { tls: lan }) }
    : { kind: "external", url: mqttBroker };
