import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { HomeError } from "#domain/home-error.ts";
import { isObject, type Json } from "#domain/json.ts";
import type { ShadowView } from "#domain/run/outcome.ts";
import { shadowUpdateTopic } from "#domain/topics.ts";
import { logger, traced } from "./observed.ts";
import { callsOf } from "./sdk/calls-of.ts";
import { fewAtOnce } from "./sdk/few-at-once.ts";
import { SDK_CLIENT } from "./sdk/sdk-client.ts";
import { settled } from "./sdk/settled.ts";

// A function publishes 50 commands at most, and each new connection is a handshake, most of what a cold one works: 50 take
// 250 ms and 150 ms of a core, over 25 connections 155 and 115, over 8 170 and 95. Warm the same 50 take 37, 50 and 105 ms,
// where each is answered after ten.
const MOST_CONNECTIONS = 25;
const client = settled(
  traced(
    new IoTDataPlaneClient({
      ...SDK_CLIENT,
      requestHandler: {
        ...SDK_CLIENT.requestHandler,
        httpsAgent: { maxSockets: MOST_CONNECTIONS },
      },
    }),
  ),
);
const publish = callsOf(client, PublishCommand);
const getThingShadow = callsOf(client, GetThingShadowCommand);
const updateThingShadow = callsOf(client, UpdateThingShadowCommand);

/** Publishes a shadow update at QoS 1. Resolves when AWS IoT has taken it, which is not yet the device; gives up at `until`. */
export const publishShadowUpdate = async (
  thing: string,
  document: Json,
  until?: AbortSignal,
): Promise<void> => {
  await publish(
    {
      topic: shadowUpdateTopic(thing),
      qos: 1,
      payload: new TextEncoder().encode(JSON.stringify(document)),
    },
    until,
  );
};

/** A shadow and the version to write against. */
export interface VersionedShadow {
  readonly version: number;
  readonly view: ShadowView;
  /** By capability and member, e.g. `light.on`, when it was reported, epoch milliseconds (whole seconds). */
  readonly saidAtMs?: Readonly<Record<string, number>>;
}

/** Reads a thing's classic shadow; `undefined` when it has none. */
export const getShadow = async (
  thing: string,
  until?: AbortSignal,
): Promise<VersionedShadow | undefined> => {
  let payload: Uint8Array | undefined;
  try {
    payload = (await getThingShadow({ thingName: thing }, until)).payload;
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
  const expiresAt = memberOf(memberOf(state.desired, "command"), "expiresAt");
  const metadata = memberOf(isObject(value) ? value.metadata : undefined, "reported");
  const saidAt = memberOf(memberOf(metadata, "online"), "timestamp");
  const saidAtMs = reportTimes(metadata);
  return {
    version,
    view: {
      ...(reported === undefined ? {} : { reported }),
      ...(desiredId === undefined ? {} : { desiredCommandId: desiredId }),
      ...(reportedId === undefined ? {} : { reportedCommandId: reportedId }),
      ...(typeof expiresAt === "number" ? { desiredExpiresAt: expiresAt } : {}),
      ...(typeof saidAt === "number" ? { onlineSaidAtMs: saidAt * 1000 } : {}),
    },
    ...(Object.keys(saidAtMs).length === 0 ? {} : { saidAtMs }),
  };
};

// A member's metadata is its timestamp, in epoch seconds; a capability's is that of its members.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#device-shadow-document-syntax
const reportTimes = (metadata: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(isObject(metadata) ? metadata : {}).flatMap(([capability, members]) =>
      Object.entries(isObject(members) ? members : {}).flatMap(([member, about]) => {
        const at = memberOf(about, "timestamp");
        return typeof at === "number" ? [[`${capability}.${member}`, at * 1000] as const] : [];
      }),
    ),
  );

const memberOf = (section: unknown, member: string): unknown =>
  isObject(section) ? section[member] : undefined;

// A plan of 200 devices is ten round trips; the shadows of an account are read 1,000 times a second at most.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#device-shadow-limits
const MOST_AT_ONCE = 20;

/**
 * The shadows of things, by thing, without those that have none or cannot be read until then: a look must not fail for one
 * of them.
 */
export const getShadows = (
  things: readonly string[],
  until?: AbortSignal,
): Promise<ReadonlyMap<string, VersionedShadow>> =>
  shadowsBy(things, async (thing) => {
    try {
      return await getShadow(thing, until);
    } catch (error) {
      logger.error("A shadow cannot be read", { thing, error });
      return undefined;
    }
  });

/**
 * The shadows of things, by thing, without those that have none: for who must not take one that cannot be read for that.
 * @throws HomeError `StateUnknown` naming the first that cannot be read until then
 */
export const getEveryShadow = (
  things: readonly string[],
  until: AbortSignal,
): Promise<ReadonlyMap<string, VersionedShadow>> =>
  shadowsBy(things, async (thing) => {
    try {
      return await getShadow(thing, until);
    } catch (cause) {
      throw new HomeError(
        "StateUnknown",
        `What ${thing} reports cannot be read at this moment. Call again. Nothing was changed.`,
        { cause },
      );
    }
  });

const shadowsBy = async (
  things: readonly string[],
  read: (thing: string) => Promise<VersionedShadow | undefined>,
): Promise<ReadonlyMap<string, VersionedShadow>> => {
  const shadows = await fewAtOnce(things, MOST_AT_ONCE, async (thing) => {
    const shadow = await read(thing);
    return shadow === undefined ? [] : [[thing, shadow] as const];
  });
  return new Map(shadows.flat());
};

const commandIdIn = (section: unknown): string | undefined =>
  isObject(section) && isObject(section.command) && typeof section.command.id === "string"
    ? section.command.id
    : undefined;

/** Writes a shadow update that holds a version; `false` when somebody wrote in between. */
export const updateShadowAtVersion = async (
  thing: string,
  document: Json,
  until?: AbortSignal,
): Promise<boolean> => {
  try {
    const payload = new TextEncoder().encode(JSON.stringify(document));
    await updateThingShadow({ thingName: thing, payload }, until);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConflictException") return false;
    throw error;
  }
};
