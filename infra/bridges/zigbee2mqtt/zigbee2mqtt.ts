import { setTimeout as pause } from "node:timers/promises";
import type {
  Bridge,
  BridgeEvents,
  FoundDevice,
  ReadAnswer,
  SetAnswer,
} from "#bridges/core/bridge.ts";
import { SENSORS } from "#domain/home/sensors.ts";
import { isObject } from "#domain/json.ts";
import { type Hub, type HubSettings, openHub } from "./hub.ts";
import { type HubDevice, parseHubDevices } from "./hub-device.ts";
import { type HubInfo, hasReports, parseHubInfo } from "./hub-info.ts";
import { settingsInTheWay } from "./in-the-way.ts";
import { type Failure, failureIn } from "./log-failure.ts";
import type { Part } from "./part.ts";
import { partsOf } from "./parts.ts";
import { placeOf } from "./place-of.ts";
import { readDevice } from "./read-device.ts";

/** What Zigbee2MQTT has told of itself. */
export interface Zigbee2Mqtt extends Bridge {
  /** The settings that stand in the way, in words. */
  inTheWay(): readonly string[];
}

// Retained messages come at once where they are.
const FIRST_WORD_MS = 10_000;

/** A bridge to a Zigbee2MQTT. */
export const zigbee2mqtt = (settings: HubSettings): Zigbee2Mqtt => {
  let devices: readonly HubDevice[] = [];
  let parts = new Map<string, Part>();
  let info: HubInfo = parseHubInfo({}, {});
  let rawInfo: unknown;
  let rawDefinitions: unknown;
  let groups: unknown;
  const unavailable = new Set<string>();
  /** The last of each property that was published, by device. */
  const published = new Map<string, Readonly<Record<string, unknown>>>();
  const publishedAtMs = new Map<string, number>();
  const failures = new Map<string, Failure>();
  /** Does a cover's 0 mean open? Learnt from what it says and what is published of it, when nothing moves. */
  const isInverted = new Map<string, boolean>();
  const lastSetMs = new Map<string, number>();
  let told: BridgeEvents | undefined;
  let hub: Hub | undefined;

  const deviceOf = (ieee: string): HubDevice | undefined =>
    devices.find((one) => one.ieee === ieee);
  const partsOfDevice = ({ ieee }: HubDevice): readonly Part[] =>
    [...parts.values()].filter((part) => part.ieee === ieee);

  const makeParts = (): void => {
    parts = new Map(
      devices
        .flatMap((device) => partsOf(device, hasReports(info, device)))
        .map((part) => [part.address, part]),
    );
    told?.onDevices();
  };

  const onBridge = (topic: string, message: unknown): void => {
    if (topic === "devices") {
      devices = parseHubDevices(message);
      makeParts();
    } else if (topic === "info") {
      rawInfo = message;
      info = parseHubInfo(rawInfo, rawDefinitions);
      isInverted.clear();
      makeParts();
    } else if (topic === "definitions") {
      rawDefinitions = message;
      info = parseHubInfo(rawInfo, rawDefinitions);
    } else if (topic === "groups") groups = message;
    else if (topic === "logging") {
      const failure = failureIn(message);
      const device = devices.find(({ name }) => name === failure?.name);
      if (failure === undefined || device === undefined) return;
      failures.set(device.ieee, failure);
      for (const { address } of partsOfDevice(device)) told?.onHint(address);
    }
  };

  const onPublication = (
    name: string,
    state: Readonly<Record<string, unknown>>,
    isOld: boolean,
  ): void => {
    const device = devices.find((one) => one.name === name);
    // What a broker kept is of an unknown age.
    if (device === undefined || isOld) return;
    const before = published.get(device.ieee) ?? {};
    published.set(device.ieee, state);
    publishedAtMs.set(device.ieee, Date.now());
    for (const part of partsOfDevice(device)) {
      const isNew = part.fields.some(({ property }) => !isEqual(before[property], state[property]));
      if (isNew) told?.onHint(part.address);
      const readings = part.senses.flatMap(({ kind, property, value }) => {
        const reading = isEqual(before[property], state[property])
          ? undefined
          : value(state[property]);
        return reading === undefined ? [] : [[kind, { [SENSORS[kind].field]: reading }] as const];
      });
      if (readings.length > 0) told?.onReadings(part.address, Object.fromEntries(readings));
    }
  };

  const nobody = (): Error => new Error("the bridge was not started");
  const found = (device: HubDevice): readonly FoundDevice[] => {
    const own = partsOfDevice(device);
    const common = {
      ...placeOf(device, groups),
      ...(device.model === undefined ? {} : { model: device.model }),
      isOnline: !unavailable.has(device.name),
      ...(device.isDisabled
        ? { trouble: "it is disabled in Zigbee2MQTT" }
        : device.isInterviewed
          ? {}
          : { trouble: "Zigbee2MQTT has not finished its interview" }),
    };
    if (own.length === 0) return [{ address: device.ieee, ...common }];
    return own.map(({ address, suffix, capabilities }) => ({
      address,
      ...common,
      name: suffix === undefined ? common.name : `${common.name} ${suffix}`,
      capabilities,
    }));
  };

  return {
    events: async (listener) => {
      told = listener;
      const { promise: first, resolve } = Promise.withResolvers<void>();
      let isThere = false;
      const isKnown = (): boolean =>
        isThere && devices.length > 0 && rawInfo !== undefined && rawDefinitions !== undefined;
      hub = openHub(settings, {
        onState: (isNowThere) => {
          if (isThere !== isNowThere) listener.onHub(isNowThere);
          isThere = isNowThere;
          if (isKnown()) resolve();
        },
        onBridge: (topic, message) => {
          onBridge(topic, message);
          if (isKnown()) resolve();
        },
        onAvailability: (name, isOnline) => {
          if (isOnline) unavailable.delete(name);
          else unavailable.add(name);
          listener.onDevices();
        },
        onPublication,
        onTrouble: listener.onTrouble,
      });
      await Promise.race([first, pause(FIRST_WORD_MS, undefined, { ref: false })]);
      if (!isThere)
        listener.onTrouble(`no Zigbee2MQTT under ${settings.baseTopic} at ${settings.url} yet`);
    },
    discover: () => devices.flatMap(found),
    capabilities: (address) => parts.get(address)?.capabilities,
    // That it went wrong, the log tells by and by, if at all: `onBridge` rings for it, and the next read has it.
    set: async (address, asked, { transitionSeconds }): Promise<SetAnswer> => {
      const part = parts.get(address);
      const device = part === undefined ? undefined : deviceOf(part.ieee);
      if (hub === undefined) throw nobody();
      if (part === undefined || device === undefined) return gone;
      failures.delete(device.ieee);
      lastSetMs.set(device.ieee, Date.now());
      const sent = await hub.publish(`${device.name}/set`, part.payload(asked, transitionSeconds));
      return sent.isOk
        ? { said: "taken" }
        : { said: "failed", reason: "UNREACHABLE", detail: sent.error };
    },
    read: async (address, fields, isOver): Promise<ReadAnswer> => {
      const part = parts.get(address);
      const device = part === undefined ? undefined : deviceOf(part.ieee);
      if (hub === undefined) throw nobody();
      if (part === undefined || device === undefined) return { ...gone, said: "nothing" };
      const answer = await readDevice({
        hub,
        device,
        part,
        fields,
        isOver,
        lastSetMs: lastSetMs.get(device.ieee) ?? 0,
        published: () => published.get(device.ieee),
        publishedAtMs: () => publishedAtMs.get(device.ieee) ?? 0,
        isInverted: {
          get: () => isInverted.get(address),
          learn: (value) => isInverted.set(address, value),
        },
      });
      const failure = failures.get(device.ieee);
      return answer.said === "values" && failure?.reason === "DEVICE_REFUSED"
        ? { ...answer, refusal: failure.detail }
        : answer;
    },
    inTheWay: () => settingsInTheWay(info, devices),
    close: async () => {
      await hub?.close();
    },
  };
};

const gone = {
  said: "failed",
  reason: "UNREACHABLE",
  detail: "Zigbee2MQTT does not have it any more",
} as const;

const isEqual = (one: unknown, other: unknown): boolean =>
  one === other ||
  (isObject(one) && isObject(other) && JSON.stringify(one) === JSON.stringify(other));
