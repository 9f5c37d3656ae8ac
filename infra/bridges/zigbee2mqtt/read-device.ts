import { setTimeout as pause } from "node:timers/promises";
import type { ReadAnswer } from "#bridges/core/bridge.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import { isObject } from "#domain/json.ts";
import { type AttributeRows, readRequest, rowsOf } from "./attribute-frame.ts";
import type { Hub } from "./hub.ts";
import type { HubDevice } from "./hub-device.ts";
import type { Part, ZigbeeField } from "./part.ts";
import { LOCK_STATE } from "./standard-attributes.ts";

/** One look at a device. */
export interface Look {
  readonly hub: Hub;
  readonly device: HubDevice;
  readonly part: Part;
  readonly fields: readonly string[];
  readonly isOver: AbortSignal;
  readonly lastSetMs: number;
  /** The newest publication of the device. */
  published(): Readonly<Record<string, unknown>> | undefined;
  /** When that came, epoch milliseconds. */
  publishedAtMs(): number;
  readonly isInverted: {
    get(): boolean | undefined;
    learn(isInverted: boolean): void;
  };
}

type Nothing = Extract<ReadAnswer, { said: "nothing" }>;

// Whatever was published because of the last `/set` has been published by then.
const QUIET_MS = 5000;
const PUBLICATION_MS = 500;
const GET_MS = 3000;

/**
 * Asks the device itself: by one frame a cluster, with a transaction, past Zigbee2MQTT's cache and past its queue for
 * devices that sleep. What has no standard attribute is asked for by `/get`, and the publication after it counts.
 */
export const readDevice = async (look: Look): Promise<ReadAnswer> => {
  const wanted = look.part.fields.filter(({ field }) => look.fields.includes(field));
  const values: Record<string, Value> = {};
  let isJammed = false;
  for (const [endpoint, cluster, fields] of byCluster(wanted)) {
    const rows = await readCluster(look, endpoint, cluster, fields);
    if ("said" in rows) return rows;
    for (const field of fields) {
      const numbers = field.read?.standard.attributes.map((id) => rows.get(id)) ?? [];
      if (!numbers.every((number) => number !== undefined)) continue;
      if (field.read?.standard === LOCK_STATE && numbers[0] === 0) isJammed = true;
      const held = field.read?.standard.value(...numbers);
      const value = held === undefined ? undefined : await turned(look, field, held);
      if (value !== undefined) values[field.field] = value;
    }
  }
  for (const field of wanted.filter(({ read }) => read === undefined)) {
    const value = await ask(look, field);
    if (typeof value === "object") return value;
    if (value !== undefined) values[field.field] = value;
  }
  return Object.keys(values).length === 0 && !isJammed
    ? {
        said: "nothing",
        reason: "NOT_VERIFIABLE",
        detail: "it answers, and does not tell its state",
      }
    : { said: "values", values, ...(isJammed ? { isJammed } : {}) };
};

const byCluster = (
  fields: readonly ZigbeeField[],
): readonly (readonly [endpoint: number, cluster: string, fields: readonly ZigbeeField[]])[] => {
  const groups = new Map<string, { endpoint: number; cluster: string; fields: ZigbeeField[] }>();
  for (const field of fields) {
    if (field.read === undefined) continue;
    const { endpoint, standard } = field.read;
    const key = `${endpoint} ${standard.cluster}`;
    const group = groups.get(key) ?? { endpoint, cluster: standard.cluster, fields: [] };
    group.fields.push(field);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => [group.endpoint, group.cluster, group.fields]);
};

const readCluster = async (
  { hub, device, isOver }: Look,
  endpoint: number,
  cluster: string,
  fields: readonly ZigbeeField[],
): Promise<AttributeRows | Nothing> => {
  const attributes = [...new Set(fields.flatMap(({ read }) => read?.standard.attributes ?? []))];
  const answer = await hub.request(
    "action",
    {
      action: "raw",
      params: {
        ieee_address: device.ieee,
        network_address: device.networkAddress,
        dst_endpoint: endpoint,
        ...readRequest(cluster, attributes),
      },
    },
    isOver,
  );
  if (!answer.isOk) {
    const isOld = /unknown|invalid|not supported/i.test(answer.error);
    return {
      said: "nothing",
      reason: isOld ? "NOT_VERIFIABLE" : "UNREACHABLE",
      detail: answer.error.slice(0, 200),
    };
  }
  return (
    rowsOf(bytesOf(answer.data)) ?? {
      said: "nothing",
      reason: "NOT_VERIFIABLE",
      detail: "its answer is no standard one",
    }
  );
};

/** Node's Buffer in JSON: `{type: "Buffer", data: [24, 117, …]}`. */
const bytesOf = (data: unknown): Uint8Array => {
  const buffer = isObject(data) && isObject(data.data) ? data.data.data : undefined;
  return Uint8Array.from(
    (Array.isArray(buffer) ? buffer : []).filter(
      (byte): byte is number => typeof byte === "number",
    ),
  );
};

/**
 * A cover's 0 is open for some and closed for others, by its model and its options; what Zigbee2MQTT makes of the same
 * frame tells which. Its publications after a `/set` may be wishes, and teach nothing.
 */
const turned = async (
  { published, isInverted, isOver, lastSetMs }: Look,
  { property, mayBeInverted }: ZigbeeField,
  held: Value,
): Promise<Value | undefined> => {
  if (mayBeInverted !== true || typeof held !== "number") return held;
  const turn = (isTurned: boolean): number => (isTurned ? 100 - held : held);
  const known = isInverted.get();
  if (known !== undefined) return turn(known);
  if (held === 50) return held;
  if (Date.now() - lastSetMs < QUIET_MS) return undefined;
  const untilMs = Date.now() + PUBLICATION_MS;
  while (Date.now() < untilMs) {
    const told = published()?.[property];
    if (told === held || told === 100 - held) {
      isInverted.learn(told !== held);
      return told;
    }
    await pause(20, undefined, { signal: isOver });
  }
  return undefined;
};

/**
 * By `/get`: what is published afterwards. Without one, what it reported by itself after it was told last: what was
 * published before tells how it was.
 */
const ask = async (
  { hub, device, published, publishedAtMs, lastSetMs, isOver }: Look,
  { property, canGet }: ZigbeeField,
): Promise<Value | Nothing | undefined> => {
  const before = published();
  if (canGet) {
    const sent = await hub.publish(`${device.name}/get`, { [property]: "" });
    if (!sent.isOk) return { said: "nothing", reason: "UNREACHABLE", detail: sent.error };
    const untilMs = Date.now() + GET_MS;
    while (published() === before && Date.now() < untilMs) {
      await pause(20, undefined, { signal: isOver });
    }
    if (published() === before) return undefined;
  } else if (publishedAtMs() <= lastSetMs) return undefined;
  const value = published()?.[property];
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean"
    ? value
    : undefined;
};
