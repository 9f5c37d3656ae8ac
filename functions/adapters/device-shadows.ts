import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { isObject, type Json } from "#domain/json.ts";
import type { ShadowView } from "#domain/run/outcome.ts";
import { shadowUpdateTopic } from "#domain/topics.ts";
import { traced } from "./observed.ts";

// 250 devices a scene at most; 50 connections (the SDK's default) carry a stage in a few round trips.
const client = traced(new IoTDataPlaneClient({}));

/** Publishes a shadow update at QoS 1. Resolves when AWS IoT has taken it, which is not yet the device. */
export const publishShadowUpdate = async (thing: string, document: Json): Promise<void> => {
  await client.send(
    new PublishCommand({
      topic: shadowUpdateTopic(thing),
      qos: 1,
      payload: new TextEncoder().encode(JSON.stringify(document)),
    }),
  );
};

/** A shadow and the version to write against. */
export interface VersionedShadow {
  readonly version: number;
  readonly view: ShadowView;
}

/** Reads a thing's classic shadow; `undefined` when it has none. */
export const getShadow = async (thing: string): Promise<VersionedShadow | undefined> => {
  let payload: Uint8Array | undefined;
  try {
    payload = (await client.send(new GetThingShadowCommand({ thingName: thing }))).payload;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
  return parseShadow(JSON.parse(new TextDecoder().decode(payload)) as unknown);
};

const parseShadow = (value: unknown): VersionedShadow => {
  const state = isObject(value) && isObject(value.state) ? value.state : {};
  const version = isObject(value) && typeof value.version === "number" ? value.version : 0;
  const reported = isObject(state.reported) ? state.reported : undefined;
  const desiredId = commandIdIn(state.desired);
  const reportedId = commandIdIn(reported);
  return {
    version,
    view: {
      ...(reported === undefined ? {} : { reported }),
      ...(desiredId === undefined ? {} : { desiredCommandId: desiredId }),
      ...(reportedId === undefined ? {} : { reportedCommandId: reportedId }),
    },
  };
};

const commandIdIn = (section: unknown): string | undefined =>
  isObject(section) && isObject(section.command) && typeof section.command.id === "string"
    ? section.command.id
    : undefined;

/** Writes a shadow update that holds a version; `false` when somebody wrote in between. */
export const updateShadowAtVersion = async (thing: string, document: Json): Promise<boolean> => {
  try {
    await client.send(
      new UpdateThingShadowCommand({
        thingName: thing,
        payload: new TextEncoder().encode(JSON.stringify(document)),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConflictException") return false;
    throw error;
  }
};
