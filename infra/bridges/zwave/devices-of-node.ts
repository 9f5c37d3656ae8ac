import type { Capabilities } from "#bridges/core/bridge.ts";
import { climateWay } from "./kinds/climate.ts";
import { withColour } from "./kinds/colour.ts";
import { coverWay } from "./kinds/cover.ts";
import { levelWay } from "./kinds/level.ts";
import { lockWay } from "./kinds/lock.ts";
import { plugWay } from "./kinds/plug.ts";
import type { EndpointValues, Way } from "./kinds/way.ts";
import { sensesOf } from "./readings.ts";
import type { Endpoint, NodeValue, ZwaveNode } from "./server/node.ts";

/** One device of the home: an endpoint of a node. */
export interface ZwaveDevice {
  readonly endpoint: number;
  /** Its own part of the name, where its node has several. */
  readonly label: string | undefined;
  /** Undefined for what only senses. */
  readonly way: Way | undefined;
  /** The endpoints whose sensors are its own. */
  readonly sensing: readonly number[];
  readonly capabilities: Capabilities;
}

// Generic and specific device classes of the Z-Wave Device Class Specification (SDS10242).
const MULTILEVEL_SWITCH_CLASS = 0x11;
const MOTORS = [0x03, 0x05, 0x06, 0x07];
const FAN = 0x08;

/**
 * What a node is to a home: each endpoint that can be commanded is a device. What the others sense, its battery too,
 * belongs to the first; a node that only senses is one sensor.
 */
export const devicesOfNode = (node: ZwaveNode): readonly ZwaveDevice[] => {
  const parts = node.endpoints.map((endpoint) => ({ endpoint, way: wayOf(node, endpoint) }));
  const commanded = parts.filter(({ way }) => way !== undefined);
  const silent = parts.filter(({ way }) => way === undefined).map(({ endpoint }) => endpoint.index);
  if (commanded.length === 0) {
    const senses = sensesOf(node, silent);
    return senses.length === 0 ? [] : [device(node, 0, undefined, undefined, silent)];
  }
  return commanded.map(({ endpoint: { index, label }, way }, i) =>
    device(
      node,
      index,
      commanded.length === 1 ? undefined : (label ?? String(index)),
      way,
      i === 0 ? [index, ...silent] : [index],
    ),
  );
};

const device = (
  node: ZwaveNode,
  endpoint: number,
  label: string | undefined,
  way: Way | undefined,
  sensing: readonly number[],
): ZwaveDevice => ({
  endpoint,
  label,
  way,
  sensing,
  capabilities: {
    kind: way?.kind ?? "sensor",
    fields: way?.fields ?? {},
    senses: sensesOf(node, sensing),
    isSleepy: node.canSleep,
    evidence: node.isSupervised ? "own word" : "read",
  },
});

const wayOf = (node: ZwaveNode, endpoint: Endpoint): Way | undefined => {
  const values = valuesOf(node, endpoint.index);
  const isLevelClass = endpoint.genericClass === MULTILEVEL_SWITCH_CLASS;
  const specific = endpoint.specificClass ?? 0;
  const dimmer = levelWay(values, isLevelClass && specific === FAN ? "fan" : "light");
  return (
    lockWay(values) ??
    coverWay(values, isLevelClass && MOTORS.includes(specific)) ??
    climateWay(values) ??
    (dimmer?.kind === "light" ? withColour(dimmer, values) : dimmer) ??
    plugWay(values)
  );
};

const valuesOf = (node: ZwaveNode, endpoint: number): EndpointValues => {
  const own: readonly NodeValue[] = [...node.values.values()].filter(
    (value) => value.endpoint === endpoint,
  );
  return {
    find: (commandClass, property, propertyKey) =>
      own.find(
        (value) =>
          value.commandClass === commandClass &&
          value.property === property &&
          value.propertyKey === propertyKey,
      ),
    keys: (commandClass, property) =>
      own
        .filter((value) => value.commandClass === commandClass && value.property === property)
        .flatMap(({ propertyKey }) => propertyKey ?? []),
  };
};
