import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetThingShadowCommand, IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import mqtt, { type MqttClient } from "mqtt";
import { inject } from "vitest";
import type { Lan } from "#local/stack/stack.ts";
import { connectToHome, type HomeClient } from "../../scripts/command/home-client.ts";
import { DEMO_HOME_FILE, type RunningHome, startHome } from "../../scripts/start/start-home.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startProjectBroker } from "./project-broker.ts";

type Item = Readonly<Record<string, unknown>>;

/** A whole house of its own, on free ports, with what a test asks about it through the AWS SDK. */
export interface Journey {
  readonly home: RunningHome;
  readonly client: HomeClient;
  readonly data: string;
  /** The house's mosquitto, in the project journeys-on-mosquitto. */
  readonly mosquitto?: Mosquitto;
  /** What the stack told its log. */
  readonly logged: readonly string[];
  /** All records of a run in the audit table. */
  auditOf(run: string, home?: string): Promise<readonly Item[]>;
  /** `state` of the shadow of a home's device. */
  shadowOf(
    device: string,
    home?: string,
  ): Promise<{ readonly desired?: Item; readonly reported?: Item }>;
  /** Counts, from now on, the MQTT messages under a topic filter whose text passes. */
  countMessages(filter: string, passes?: (text: string) => boolean): Promise<() => number>;
  close(): Promise<void>;
}

/** Starts a house and signs in. Pass `data` to start on a folder that exists; it is then kept. */
export const startJourney = async (
  options: {
    readonly faults?: string;
    readonly data?: string;
    readonly assembly?: string;
    readonly homeFile?: string;
    readonly isEmpty?: boolean;
    readonly lan?: Lan;
    readonly deliverAsyncStartsTwice?: boolean;
    readonly eventRetryDelaysMs?: readonly number[];
    readonly concurrentExecutions?: number;
  } = {},
): Promise<Journey> => {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "house-"));
  const logged: string[] = [];
  const mosquitto = await startProjectBroker();
  const home = await startHome({
    assembly: async () => options.assembly ?? inject("assembly"),
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile: options.homeFile ?? DEMO_HOME_FILE,
    isEmpty: options.isEmpty ?? false,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.lan === undefined ? {} : { lan: options.lan }),
    ...(mosquitto === undefined ? {} : { mqttBroker: mosquitto.url }),
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice ?? false,
    eventRetryDelaysMs: options.eventRetryDelaysMs,
    concurrentExecutions: options.concurrentExecutions,
    log: (line) => logged.push(line),
  }).catch(async (error: unknown) => {
    await mosquitto?.close();
    throw error;
  });
  const client = await connectToHome(home.endpoints);
  const aws = {
    endpoint: home.stack.aws.endpoint,
    region: home.stack.aws.region,
    credentials: home.stack.aws.credentials,
  };
  const dynamoDb = new DynamoDBClient(aws);
  const iot = new IoTDataPlaneClient(aws);
  const listeners: MqttClient[] = [];
  return {
    home,
    client,
    data,
    ...(mosquitto === undefined ? {} : { mosquitto }),
    logged,
    auditOf: async (run, ofHome = "home") => {
      const { Items = [] } = await dynamoDb.send(
        new QueryCommand({
          TableName: home.endpoints.aws.tables.audit,
          KeyConditionExpression: "PK = :run",
          ExpressionAttributeValues: { ":run": { S: `HOME#${ofHome}#RUN#${run}` } },
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => unmarshall(item));
    },
    shadowOf: async (device, ofHome = "home") => {
      const { payload } = await iot.send(
        new GetThingShadowCommand({ thingName: `${ofHome}-${device}` }),
      );
      const shadow = JSON.parse(new TextDecoder().decode(payload)) as { readonly state: Item };
      return shadow.state;
    },
    countMessages: async (filter, passes = () => true) => {
      let count = 0;
      const listener = await mqtt.connectAsync(home.endpoints.mqtt.url);
      listeners.push(listener);
      listener.on("message", (_, payload) => {
        if (passes(payload.toString("utf8"))) count += 1;
      });
      await listener.subscribeAsync(filter, { qos: 1 });
      return () => count;
    },
    close: async () => {
      for (const listener of listeners) await listener.endAsync();
      await client.close();
      dynamoDb.destroy();
      iot.destroy();
      await home.close();
      await mosquitto?.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
};
