import { isObject } from "#domain/json.ts";
import type { Members } from "./server-messages.ts";

// The node's state as dumpNode of zwave-js-server src/lib/state.ts sends it.

/** Where a node is. https://zwave-js.github.io/zwave-js/#/api/node?id=status */
export type NodeStatus = "unknown" | "asleep" | "awake" | "dead" | "alive";

/** One value of a node, and what may be known of it. */
export interface NodeValue {
  readonly commandClass: number;
  readonly endpoint: number;
  readonly property: string;
  readonly propertyKey: string | undefined;
  readonly value: unknown;
  readonly unit: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The numbers that it may have, as texts; undefined where nothing is said. */
  readonly states: readonly string[] | undefined;
  /** It can be asked to get there in a time. */
  readonly canFade: boolean;
}

/** One part of a node; 0 is the node itself. */
export interface Endpoint {
  readonly index: number;
  readonly label: string | undefined;
  readonly genericClass: number | undefined;
  readonly specificClass: number | undefined;
}

/** A node of the network, as the server knows it. */
export interface ZwaveNode {
  readonly id: number;
  readonly name: string | undefined;
  readonly location: string | undefined;
  readonly model: string | undefined;
  readonly status: NodeStatus;
  /** Its interview is done, or its result known from an earlier one. */
  readonly isReady: boolean;
  readonly isController: boolean;
  /** It switches its radio off, and commands would wait for it to wake up. A lock that is beamed awake does not. */
  readonly canSleep: boolean;
  /** It can say of a command what became of it. */
  readonly isSupervised: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly values: ReadonlyMap<string, NodeValue>;
}

const STATUSES: readonly NodeStatus[] = ["unknown", "asleep", "awake", "dead", "alive"];
const SUPERVISION = 0x6c;
const NODE_NAMING = 119;

/** Under what a value is kept. */
export const valueKey = (
  commandClass: number,
  endpoint: number,
  property: string,
  propertyKey?: string,
): string => [commandClass, endpoint, property, propertyKey ?? ""].join(" ");

/** Reads a node's state; undefined for what is none. */
export const parseNode = (state: unknown): ZwaveNode | undefined => {
  if (!isObject(state) || typeof state.nodeId !== "number") return undefined;
  const endpoints = list(state.endpoints).map(parseEndpoint);
  const values = list(state.values).flatMap((value) => parseValue(value) ?? []);
  const isListening = state.isListening === true;
  return {
    id: state.nodeId,
    name: words(state.name),
    location: words(state.location),
    model: modelOf(state),
    status: statusOf(state.status),
    isReady: state.ready === true,
    isController: state.isControllerNode === true,
    canSleep: !isListening && (state.isFrequentListening ?? false) === false,
    isSupervised: list(state.endpoints).some(
      (endpoint) =>
        isObject(endpoint) &&
        list(endpoint.commandClasses).some((cc) => isObject(cc) && cc.id === SUPERVISION),
    ),
    endpoints,
    values: new Map(
      values.map((value) => [
        valueKey(value.commandClass, value.endpoint, value.property, value.propertyKey),
        value,
      ]),
    ),
  };
};

/** The node after one of its own events; the same one where nothing changed. */
export const nodeAfter = (node: ZwaveNode, event: string, body: Members): ZwaveNode => {
  switch (event) {
    case "dead":
    case "alive":
      return { ...node, status: event };
    case "sleep":
      return { ...node, status: "asleep" };
    case "wake up":
      return { ...node, status: "awake" };
    case "ready":
      return parseNode(body.nodeState) ?? node;
    case "value added":
    case "value updated":
    case "value removed":
    case "metadata updated":
      return isObject(body.args) ? withValue(node, event, body.args) : node;
    default:
      return node;
  }
};

const withValue = (node: ZwaveNode, event: string, args: Members): ZwaveNode => {
  const { commandClass, property } = args;
  if (typeof commandClass !== "number") return node;
  // The name that people gave it at the server is kept as a value of a command class, whether the node has it or not.
  if (commandClass === NODE_NAMING && property === "name") {
    return { ...node, name: words(args.newValue) };
  }
  if (commandClass === NODE_NAMING && property === "location") {
    return { ...node, location: words(args.newValue) };
  }
  const told = parseValue({ ...args, value: args.newValue });
  if (told === undefined) return node;
  const key = valueKey(told.commandClass, told.endpoint, told.property, told.propertyKey);
  const values = new Map(node.values);
  const known = node.values.get(key);
  if (event === "value removed") values.delete(key);
  else if (event === "metadata updated") values.set(key, { ...told, value: known?.value });
  else values.set(key, known === undefined ? told : { ...known, value: args.newValue });
  return { ...node, values };
};

const parseEndpoint = (endpoint: unknown): Endpoint => {
  const { index, endpointLabel, deviceClass } = isObject(endpoint) ? endpoint : {};
  const { generic, specific } = isObject(deviceClass) ? deviceClass : {};
  return {
    index: typeof index === "number" ? index : 0,
    label: words(endpointLabel),
    genericClass: keyOf(generic),
    specificClass: keyOf(specific),
  };
};

const parseValue = (value: unknown): NodeValue | undefined => {
  if (!isObject(value) || typeof value.commandClass !== "number") return undefined;
  const { metadata, endpoint, property, propertyKey } = value;
  const { unit, min, max, states, valueChangeOptions } = isObject(metadata) ? metadata : {};
  return {
    commandClass: value.commandClass,
    endpoint: typeof endpoint === "number" ? endpoint : 0,
    property: String(property),
    propertyKey: propertyKey === undefined ? undefined : String(propertyKey),
    value: value.value,
    unit: words(unit),
    min: typeof min === "number" ? min : undefined,
    max: typeof max === "number" ? max : undefined,
    states: isObject(states) ? Object.keys(states) : undefined,
    canFade: list(valueChangeOptions).includes("transitionDuration"),
  };
};

const modelOf = (state: Members): string | undefined => {
  const { manufacturer, label } = isObject(state.deviceConfig) ? state.deviceConfig : state;
  const parts = [words(manufacturer), words(label)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" ");
};

const statusOf = (status: unknown): NodeStatus =>
  (typeof status === "number" ? STATUSES[status] : undefined) ?? "unknown";

const keyOf = (deviceClass: unknown): number | undefined =>
  isObject(deviceClass) && typeof deviceClass.key === "number" ? deviceClass.key : undefined;

const words = (text: unknown): string | undefined =>
  typeof text === "string" && text !== "" ? text : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
