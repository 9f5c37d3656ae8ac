import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Home } from "#domain/home/home.ts";
import type { Position } from "#domain/home/home-meta.ts";
import {
  type Lan,
  type Ports,
  type Stack,
  type StackOptions,
  startStack,
} from "#local/stack/stack.ts";
import { writeFileAtomically } from "#local/wire/data-directory.ts";
import { DEFAULT_HOME } from "../command/default-home.ts";
import { type Endpoints, endpointsFile } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";
import { STACK_NAME } from "../command/stack-name.ts";
import { CONSOLE_ON_THIS_MACHINE } from "../console/on-this-machine.ts";
import { publishConsole } from "../console/publish-console.ts";
import type { NewMembership } from "../homes/members.ts";
import { refuseOldHome } from "../homes/refuse-old-home.ts";
import { readHomeFile, readPosition, seedHome } from "../homes/seed-home.ts";
import { collectAtRest } from "./collect-at-rest.ts";
import {
  type HouseInWaiting,
  type HouseProcess,
  noDevices,
  prepareHouseProcess,
} from "./house-process.ts";

/** The home that a newcomer meets: rooms, devices and scenes. */
export const DEMO_HOME_FILE = join(
  import.meta.dirname,
  "..",
  "..",
  "infra",
  "house",
  "demo-home.json",
);

/** Made at first start. Their groups are the most that their tokens can hold; what they are in the home counts. */
const USERS = [
  { username: "resident", groups: ["residents"], role: "resident" },
  { username: "operator", groups: ["residents", "operators"], role: "operator" },
  { username: "guest", groups: ["guests"], role: "guest" },
] as const;

const HOME_NAME = "Home";

// What a first scene goes through, but for what concludes it where not all devices answered at once: that is started in the time
// that they take.
const FIRST_USED = ["ToolGateway", "HomeFunction", "RunScenePublish", "RunSceneAwait"];

export interface HomeOptions {
  /** Gives the cloud assembly; called when the data directory is held. */
  readonly assembly: () => Promise<string>;
  readonly data: string;
  readonly ports: Ports;
  readonly homeFile: string;
  /** No home, no users, no devices: what a stack is after its first deployment. */
  readonly isEmpty?: boolean;
  readonly faults?: string;
  readonly lan?: Lan;
  readonly mqttBroker?: string;
  readonly deliverAsyncStartsTwice?: boolean;
  readonly eventRetryDelaysMs?: StackOptions["eventRetryDelaysMs"];
  readonly concurrentExecutions?: StackOptions["concurrentExecutions"];
  readonly onCall?: StackOptions["onCall"];
  log(line: string): void;
}

/** A house that is up: the imitation of AWS, the devices, and where both are reached. */
export interface RunningHome {
  readonly endpoints: Endpoints;
  readonly stack: Stack;
  readonly house: HouseProcess;
  close(): Promise<void>;
}

/**
 * Starts the stack, seeds the home table at first start, starts the devices and writes `DIR/endpoints.json`.
 * @throws LocalError, HomeError or Problem; nothing is left running
 */
export const startHome = async (options: HomeOptions): Promise<RunningHome> => {
  const home = readHomeFile(options.homeFile, { home: DEFAULT_HOME, thingPrefix: "" });
  // Its process gets ready while the stack starts: they share the computer's cores.
  const devices = options.isEmpty === true ? noDevices : prepareDevices(options);
  try {
    return await start(options, home, devices);
  } catch (error) {
    await devices.close();
    throw error;
  }
};

const start = async (
  options: HomeOptions,
  home: Home,
  devices: HouseInWaiting,
): Promise<RunningHome> => {
  const { isEmpty = false } = options;
  let assembly = "";
  const stack = await startStack({
    assembly: async () => {
      assembly = await options.assembly();
      return assembly;
    },
    stackName: STACK_NAME,
    data: options.data,
    ports: options.ports,
    servedLocally: CONSOLE_ON_THIS_MACHINE,
    users: isEmpty ? [] : USERS,
    ...(options.lan === undefined ? {} : { lan: options.lan }),
    ...(options.mqttBroker === undefined ? {} : { mqttBroker: options.mqttBroker }),
    warm: isEmpty ? [] : FIRST_USED,
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false,
    eventRetryDelaysMs: options.eventRetryDelaysMs,
    concurrentExecutions: options.concurrentExecutions,
    inspectTables: async ({ aws, resources }) => {
      const dynamoDb = new DynamoDBClient(aws);
      const homeTable = tableOf(resources, "HomeTable");
      await refuseOldHome({ dynamoDb, homeTable }).finally(() => dynamoDb.destroy());
    },
    onCall: options.onCall,
    log: (line) => options.log(line),
  });
  try {
    const endpoints = describe(stack, options);
    if (!isEmpty) await seed(stack, endpoints, home, readPosition(options.homeFile));
    await publishConsole(stack, endpoints, assembly);
    const house = await devices.connect(stack.mqttUrl);
    writeFileAtomically(
      endpointsFile(options.data),
      `${JSON.stringify(endpoints, undefined, 2)}\n`,
    );
    return { endpoints, stack, house, close: closing(options.data, stack, house, collectAtRest()) };
  } catch (error) {
    await devices.close();
    await stack.close();
    throw error;
  }
};

/** Makes the home that a newcomer meets, at the first start. */
const seed = async (
  stack: Stack,
  endpoints: Endpoints,
  home: Home,
  position: Position | undefined,
): Promise<void> => {
  const { endpoint, region, credentials } = stack.aws;
  const dynamoDb = new DynamoDBClient({ endpoint, region, credentials });
  await seedHome(
    { dynamoDb, homeTable: endpoints.aws.tables.home },
    {
      home: DEFAULT_HOME,
      name: HOME_NAME,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      state: "active",
      createdAt: new Date().toISOString(),
      ...(position === undefined ? {} : { position }),
    },
    home,
    () => firstMembers(stack, endpoints),
  ).finally(() => dynamoDb.destroy());
};

const prepareDevices = ({ homeFile, data, faults }: HomeOptions): HouseInWaiting =>
  prepareHouseProcess({
    homeFile,
    home: DEFAULT_HOME,
    stateFile: join(data, "house.json"),
    ...(faults === undefined ? {} : { faults }),
  });

/** The people and the machine client that the first start makes live in the home that it makes. */
const firstMembers = async (
  stack: Stack,
  endpoints: Endpoints,
): Promise<readonly NewMembership[]> => {
  const member = (who: string, sub: string, role: NewMembership["role"]): NewMembership => ({
    sub,
    home: DEFAULT_HOME,
    role,
    name: HOME_NAME,
    who,
    by: "npm start",
    since: new Date().toISOString(),
  });
  const people = USERS.flatMap(({ username, role }) => {
    const user = stack.users.find((one) => one.username === username);
    return user === undefined ? [] : [member(username, user.sub, role)];
  });
  const { clientId } = endpoints.cognito.clients.machine;
  return [...people, member("machine client", clientId, "resident")];
};

const closing =
  (
    data: string,
    stack: Stack,
    house: HouseProcess,
    stopCollecting: () => void,
  ): (() => Promise<void>) =>
  async () => {
    rmSync(endpointsFile(data), { force: true });
    // The gateway first would leave callers without their results; the devices first would time a run out. A run that
    // is under way is cut off either way, and what its devices reported stays recorded.
    stopCollecting();
    await house.close();
    await stack.close();
  };

const tableOf = (resources: Stack["resources"], name: string): string => {
  const found = resources.find(
    ({ type, logicalId }) => type === "AWS::DynamoDB::GlobalTable" && logicalId.includes(name),
  );
  if (found === undefined) throw new Problem(`The template has no table "${name}".`);
  return found.name;
};

const describe = (stack: Stack, { lan, mqttBroker }: HomeOptions): Endpoints => {
  const client = (name: string) => {
    const found = stack.clients.find((one) => one.name === name);
    if (found === undefined) throw new Problem(`The template has no app client "${name}".`);
    const { clientId, clientSecret } = found;
    return { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
  };
  return {
    gateway: { url: stack.gatewayUrl },
    console: { url: stack.consoleUrl },
    cognito: {
      issuer: stack.issuer,
      domain: stack.cognitoUrl,
      clients: {
        machine: client("smarthome-gateway-client"),
        claudeWeb: client("smarthome-claude-web-client"),
        local: client("smarthome-local-client"),
        console: client("smarthome-console-client"),
      },
      users: stack.users,
    },
    aws: {
      endpoint: stack.aws.endpoint,
      region: stack.aws.region,
      accessKeyId: stack.aws.credentials.accessKeyId,
      secretAccessKey: stack.aws.credentials.secretAccessKey,
      tables: {
        home: tableOf(stack.resources, "HomeTable"),
        audit: tableOf(stack.resources, "AuditTable"),
      },
    },
    mqtt: {
      url: stack.mqttUrl,
      ...(stack.mqttTlsPort === undefined
        ? {}
        : { tlsUrl: `mqtts://${lan?.host ?? hostname()}:${stack.mqttTlsPort}` }),
      ...(mqttBroker === undefined ? {} : { isOwnBroker: true as const }),
      rootCertificateFile: stack.rootCertificateFile,
    },
    pid: process.pid,
  };
};
