import { isObject } from "#domain/json.ts";

/** A device as Zigbee2MQTT's retained `bridge/devices` has it. https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html#zigbee2mqtt-bridge-devices */
export interface HubDevice {
  readonly ieee: string;
  readonly networkAddress: number;
  readonly name: string;
  readonly model?: string;
  readonly isSleepy: boolean;
  readonly isDisabled: boolean;
  readonly isInterviewed: boolean;
  readonly exposes: readonly Expose[];
  readonly endpoints: readonly HubEndpoint[];
}

export interface HubEndpoint {
  readonly id: number;
  readonly name?: string;
  readonly clusters: readonly string[];
}

/** One thing that a device exposes. https://www.zigbee2mqtt.io/guide/usage/exposes.html */
export interface Expose {
  readonly type: string;
  readonly name?: string;
  readonly property?: string;
  readonly endpoint?: string;
  /** Bit 1: it publishes it. 2: it can be set. 4: it can be asked for it. */
  readonly access: number;
  readonly valueOn?: Plain;
  readonly valueOff?: Plain;
  readonly least?: number;
  readonly most?: number;
  readonly step?: number;
  readonly words: readonly string[];
  readonly features: readonly Expose[];
}

type Plain = boolean | number | string;

/** Reads `bridge/devices`; the coordinator is none, and what cannot be read is left out. */
export const parseHubDevices = (value: unknown): readonly HubDevice[] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    if (!isObject(one) || one.type === "Coordinator") return [];
    const { ieee_address: ieee, network_address: networkAddress, friendly_name: name } = one;
    if (typeof ieee !== "string" || typeof networkAddress !== "number" || typeof name !== "string")
      return [];
    const definition = isObject(one.definition) ? one.definition : {};
    const model = definition.model ?? one.model_id;
    return [
      {
        ieee,
        networkAddress,
        name,
        ...(typeof model === "string" ? { model } : {}),
        // A battery, and no router: it listens now and then.
        isSleepy: one.type === "EndDevice" && one.power_source === "Battery",
        isDisabled: one.disabled === true,
        isInterviewed: one.interview_state === "SUCCESSFUL" || one.interview_completed === true,
        exposes: parseExposes(definition.exposes),
        endpoints: parseEndpoints(one.endpoints),
      },
    ];
  });

const parseExposes = (value: unknown): readonly Expose[] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    if (!isObject(one) || typeof one.type !== "string") return [];
    return [
      {
        type: one.type,
        ...textOf("name", one.name),
        ...textOf("property", one.property),
        ...textOf("endpoint", one.endpoint),
        access: typeof one.access === "number" ? one.access : 0,
        ...plainOf("valueOn", one.value_on),
        ...plainOf("valueOff", one.value_off),
        ...numberOf("least", one.value_min),
        ...numberOf("most", one.value_max),
        ...numberOf("step", one.value_step),
        words: (Array.isArray(one.values) ? one.values : []).filter(
          (word): word is string => typeof word === "string",
        ),
        features: parseExposes(one.features),
      },
    ];
  });

const parseEndpoints = (value: unknown): readonly HubEndpoint[] =>
  Object.entries(isObject(value) ? value : {}).flatMap(([id, one]) => {
    if (!isObject(one)) return [];
    const input = isObject(one.clusters) ? one.clusters.input : undefined;
    return [
      {
        id: Number(id),
        ...textOf("name", one.name),
        clusters: (Array.isArray(input) ? input : []).filter(
          (name): name is string => typeof name === "string",
        ),
      },
    ];
  });

const textOf = <Key extends string>(key: Key, value: unknown) =>
  (typeof value === "string" && value !== "" ? { [key]: value } : {}) as {
    readonly [K in Key]?: string;
  };
const numberOf = <Key extends string>(key: Key, value: unknown) =>
  (typeof value === "number" ? { [key]: value } : {}) as { readonly [K in Key]?: number };
const plainOf = <Key extends string>(key: Key, value: unknown) =>
  (typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { [key]: value }
    : {}) as { readonly [K in Key]?: Plain };
