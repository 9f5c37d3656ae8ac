import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeEndpointCommand, IoTClient } from "@aws-sdk/client-iot";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { parseThingPrefix, type ThingPrefix } from "#domain/home/home-place.ts";
import { isLoopbackHost } from "#local/wire/loopback.ts";
import {
  type ClientName,
  type Endpoints,
  requireHouse,
  type SignIn,
} from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";
import { refuseWithoutAws, type StackOptions } from "../command/registry-options.ts";
import { STACK_NAME } from "../command/stack-name.ts";
import { type ClientOptions, readOutputs, signInOfStack } from "./stack-outputs.ts";

/**
 * A stack that a command works with: the local house's, or one that was deployed to an account. Every command opens it
 * here, so that all of them mean the same one by the same options.
 */
export interface Registry {
  readonly stackName: string;
  readonly iot: IoTClient;
  /** Where the shadows are. */
  readonly iotData: IoTDataPlaneClient;
  readonly dynamoDb: DynamoDBClient;
  readonly homeTable: string;
  /** What stands before the stage's things. */
  readonly thingPrefix: ThingPrefix;
  readonly auditTable: string;
  /** Where the log of the audit's records is. */
  readonly logTable: string;
  /** How long a record of the audit is kept. */
  readonly recordRetentionDays: number;
  readonly cognito: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  /** The client_credentials client, whose `sub` is its id. */
  readonly machineClientId: string;
  /** AWS sends an invitation by mail; the local Cognito sends none. */
  readonly sendsMail: boolean;
  /** What the stack's output of that name says. @throws Problem when it has none */
  output(name: string): string;
  /** Where its people and machines sign in and call, with the secrets of the named clients. */
  signIn(withSecret: readonly ClientName[]): Promise<SignIn>;
  /** How clients of other services reach the same account. */
  readonly clientOptions: ClientOptions;
  /** The IoT policy that lets a device be itself. */
  readonly devicePolicy: string;
  /** Certificates by which a device knows the endpoint. Read after the device's own was issued. */
  rootCertificates(): string;
  /** Where a device connects with its certificate; undefined where nothing listens for it. */
  secureUrl(): Promise<string | undefined>;
  /** Where a device connects without one: the loopback interface of the local house. */
  readonly plainUrl?: string;
  /** The house uses somebody's own MQTT broker, to which certificates mean nothing. */
  readonly isOwnBroker?: boolean;
  close(): void;
}

/**
 * The registry of the house that is up.
 * @throws Problem when none is
 */
export const localRegistry = async (data: string): Promise<Registry> => {
  const endpoints = requireHouse(data);
  const { mqtt } = endpoints;
  return {
    ...(await openRegistry(clientOptions(endpoints), STACK_NAME)),
    sendsMail: false,
    signIn: async () => requireHouse(data),
    rootCertificates: () => readFileSync(mqtt.rootCertificateFile, "utf8"),
    secureUrl: async () => mqtt.tlsUrl,
    plainUrl: mqtt.url,
    isOwnBroker: mqtt.isOwnBroker === true,
  };
};

/**
 * The registry that a command's options name.
 * @throws Problem as the two do, and for an option about an account without --aws
 */
export const registryOf = async (options: StackOptions): Promise<Registry> => {
  refuseWithoutAws(options);
  return options.aws ? awsRegistry(options) : localRegistry(options.data);
};

/** Where to sign in to the stack that a command's options name. @throws Problem as `registryOf` */
export const signInOf = async (
  options: StackOptions,
  withSecret: readonly ClientName[],
): Promise<SignIn> => {
  refuseWithoutAws(options);
  if (!options.aws) return requireHouse(options.data);
  const registry = await awsRegistry(options);
  return registry.signIn(withSecret).finally(() => registry.close());
};

const clientOptions = ({ aws }: Endpoints): ClientOptions => ({
  endpoint: aws.endpoint,
  region: aws.region,
  credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
});

/**
 * How the account and region are reached that the options name, or else the environment, as for any AWS SDK.
 * @throws Problem when the environment names this machine for AWS
 */
export const accountOptions = (options: StackOptions): ClientOptions => {
  const { profile, region, "endpoint-url": endpoint } = options;
  const fromEnvironment = process.env.AWS_ENDPOINT_URL;
  if (endpoint === undefined && fromEnvironment !== undefined && isOfThisMachine(fromEnvironment)) {
    throw new Problem(
      `AWS_ENDPOINT_URL is ${fromEnvironment}, a house on this machine and not AWS. Unset it and the keys that go with it, or name the endpoint: --endpoint-url URL. Nothing was changed.`,
    );
  }
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
  };
};

/**
 * The registry of a stack in an account.
 * @throws Problem when the stack is not deployed there
 */
const awsRegistry = async (options: StackOptions): Promise<Registry> => {
  const registry = await openRegistry(accountOptions(options), options.stack ?? STACK_NAME);
  return {
    ...registry,
    sendsMail: true,
    rootCertificates: amazonRoots,
    // Certificates of Amazon Trust Services, which the roots above are of.
    secureUrl: async () => {
      const { endpointAddress = "" } = await registry.iot.send(
        new DescribeEndpointCommand({ endpointType: "iot:Data-ATS" }),
      );
      return `mqtts://${endpointAddress.includes(":") ? endpointAddress : `${endpointAddress}:8883`}`;
    },
  };
};

const isOfThisMachine = (url: string): boolean =>
  URL.canParse(url) && isLoopbackHost(new URL(url).host);

const openRegistry = async (
  options: ClientOptions,
  stackName: string,
): Promise<
  Omit<Registry, "rootCertificates" | "secureUrl" | "plainUrl" | "isOwnBroker" | "sendsMail">
> => {
  const outputs = await readOutputs(options, stackName);
  const { output } = outputs;
  const homeTable = output("HomeTableName");
  const auditTable = output("AuditTableName");
  const logTable = output("LogTableName");
  const recordRetentionDays = Number(output("RecordRetentionDays"));
  const userPoolId = output("UserPoolId");
  const machineClientId = output("MachineClientId");
  // The default stage has no prefix, and no output that says so.
  const thingPrefix = parseThingPrefix(outputs.find("ThingPrefix") ?? "");
  const devicePolicy = output("DevicePolicyName");
  const iot = new IoTClient(options);
  const iotData = new IoTDataPlaneClient(options);
  const dynamoDb = new DynamoDBClient(options);
  const cognito = new CognitoIdentityProviderClient(options);
  return {
    stackName,
    signIn: (withSecret) => signInOfStack(outputs, cognito, withSecret),
    iot,
    iotData,
    dynamoDb,
    cognito,
    homeTable,
    auditTable,
    logTable,
    recordRetentionDays,
    userPoolId,
    machineClientId,
    thingPrefix,
    devicePolicy,
    output,
    clientOptions: options,
    close: () => {
      iot.destroy();
      iotData.destroy();
      dynamoDb.destroy();
      cognito.destroy();
    },
  };
};

// https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html names these; Node.js ships them.
const AMAZON_ROOTS = /^CN=Amazon Root CA [1-4]$/m;

const amazonRoots = (): string => {
  const found = rootCertificates.filter((pem) =>
    AMAZON_ROOTS.test(new X509Certificate(pem).subject),
  );
  if (found.length === 0)
    throw new Problem("This Node.js does not ship Amazon's root certificates.");
  return `${found.join("\n")}\n`;
};
