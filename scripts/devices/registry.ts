import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeEndpointCommand, IoTClient, type IoTClientConfig } from "@aws-sdk/client-iot";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { parseThingPrefix, type ThingPrefix } from "#domain/home/home-place.ts";
import { isLoopbackHost } from "#local/wire/loopback.ts";
import { type Endpoints, readEndpoints } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";
import { STACK_NAME } from "../command/stack-name.ts";

/** What any client of AWS's SDK is made with. */
export type ClientOptions = Pick<IoTClientConfig, "endpoint" | "region" | "credentials">;

/** Where devices are registered: the local house, or the stack that was deployed to an account. */
export interface Registry {
  readonly iot: IoTClient;
  /** Where the shadows are. */
  readonly iotData: IoTDataPlaneClient;
  readonly dynamoDb: DynamoDBClient;
  readonly homeTable: string;
  /** What stands before the stage's things. */
  readonly thingPrefix: ThingPrefix;
  readonly auditTable: string;
  readonly cognito: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  /** The client_credentials client, whose `sub` is its id. */
  readonly machineClientId: string;
  /** AWS sends an invitation by mail; the local Cognito sends none. */
  readonly sendsMail: boolean;
  /** What the stack's output of that name says. @throws Problem when it has none */
  output(name: string): string;
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
  const endpoints = readEndpoints(data);
  if (endpoints === undefined) {
    throw new Problem(
      `No house is up on ${data}. Start one with npm start -- --quiet, name its folder with --data DIR, or register with your AWS account: --aws.`,
    );
  }
  const { mqtt } = endpoints;
  return {
    ...(await openRegistry(clientOptions(endpoints))),
    sendsMail: false,
    rootCertificates: () => readFileSync(mqtt.rootCertificateFile, "utf8"),
    secureUrl: async () => mqtt.tlsUrl,
    plainUrl: mqtt.url,
    isOwnBroker: mqtt.isOwnBroker === true,
  };
};

/**
 * The registry that a command's options name.
 * @throws Problem as the two do, and for an endpoint without --aws
 */
export const registryOf = async (options: {
  readonly aws: boolean;
  readonly data: string;
  readonly "endpoint-url"?: string | undefined;
}): Promise<Registry> => {
  const endpointUrl = options["endpoint-url"];
  if (options.aws) return awsRegistry(endpointUrl);
  if (endpointUrl !== undefined) throw new Problem("--endpoint-url goes with --aws.");
  return localRegistry(options.data);
};

const clientOptions = ({ aws }: Endpoints): ClientOptions => ({
  endpoint: aws.endpoint,
  region: aws.region,
  credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
});

/**
 * The registry of the account and region that the environment names, as for any AWS SDK, or of another AWS endpoint.
 * @throws Problem when the stack is not deployed there, or when the environment names this machine for AWS
 */
const awsRegistry = async (endpointUrl?: string): Promise<Registry> => {
  const fromEnvironment = process.env.AWS_ENDPOINT_URL;
  if (
    endpointUrl === undefined &&
    fromEnvironment !== undefined &&
    isOfThisMachine(fromEnvironment)
  ) {
    throw new Problem(
      `AWS_ENDPOINT_URL is ${fromEnvironment}, a house on this machine and not AWS. Unset it and the keys that go with it, or name the endpoint: --endpoint-url URL. Nothing was changed.`,
    );
  }
  const registry = await openRegistry(endpointUrl === undefined ? {} : { endpoint: endpointUrl });
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
): Promise<
  Omit<Registry, "rootCertificates" | "secureUrl" | "plainUrl" | "isOwnBroker" | "sendsMail">
> => {
  const stacks = new CloudFormationClient(options);
  const outputs = await outputsOf(stacks).finally(() => stacks.destroy());
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new Problem(
      `The stack ${STACK_NAME} has no output ${key}: it was deployed from an older version. Deploy it again: npm run deploy`,
    );
  };
  const homeTable = output("HomeTableName");
  const auditTable = output("AuditTableName");
  const userPoolId = output("UserPoolId");
  const machineClientId = output("MachineClientId");
  // The default stage has no prefix, and no output that says so.
  const thingPrefix = parseThingPrefix(outputs.get("ThingPrefix") ?? "");
  const devicePolicy = output("DevicePolicyName");
  const iot = new IoTClient(options);
  const iotData = new IoTDataPlaneClient(options);
  const dynamoDb = new DynamoDBClient(options);
  const cognito = new CognitoIdentityProviderClient(options);
  return {
    iot,
    iotData,
    dynamoDb,
    cognito,
    homeTable,
    auditTable,
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

const outputsOf = async (client: CloudFormationClient): Promise<ReadonlyMap<string, string>> => {
  const { Stacks = [] } = await client
    .send(new DescribeStacksCommand({ StackName: STACK_NAME }))
    .catch((cause: unknown) => {
      throw new Problem(
        `The stack ${STACK_NAME} cannot be looked up: ${cause instanceof Error ? cause.message : String(cause)}. Check account and region (AWS_PROFILE, AWS_REGION), and that it is deployed: npm run deploy`,
        { cause },
      );
    });
  return new Map(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
      OutputKey,
      OutputValue,
    ]),
  );
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
