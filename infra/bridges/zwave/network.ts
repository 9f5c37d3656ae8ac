import { isObject } from "#domain/json.ts";
import { devicesOfNode, type ZwaveDevice } from "./devices-of-node.ts";
import { nodeAfter, parseNode, type ZwaveNode } from "./server/node.ts";
import type { Members, ServerMessage } from "./server/server-messages.ts";

/** One device with the node that it is, or is part of. */
export interface PlacedDevice {
  readonly address: string;
  readonly node: ZwaveNode;
  readonly device: ZwaveDevice;
}

/** What an event changed. */
export type Change =
  | { readonly what: "nothing" }
  /** Devices came, went, or are otherwise than they were. */
  | { readonly what: "devices" }
  /** A value of a node; one that it did not have before may make another device of it. */
  | {
      readonly what: "value";
      readonly node: ZwaveNode;
      readonly args: Members;
      readonly isNew: boolean;
    };

/** The network as the server told it. */
export interface Network {
  /** Forgets what was known: this is how it is now. */
  start(state: Members, homeId: number | undefined): void;
  after(event: Extract<ServerMessage, { type: "event" }>): Change;
  devices(): readonly PlacedDevice[];
  at(address: string): PlacedDevice | undefined;
  /** The nodes that the driver has given up. */
  dead(): readonly number[];
  /** What of the network stands in the way of commands, for a person. */
  inTheWay(): readonly string[];
  /** Why the stick cannot send anything at all; undefined where it can. */
  radioTrouble(): string | undefined;
}

// https://zwave-js.github.io/zwave-js/#/api/controller?id=status
const RADIO_TROUBLES: Readonly<Record<number, string>> = {
  1: "the Z-Wave stick does not answer",
  2: "the Z-Wave stick cannot send: its radio is jammed",
};

/** A network of which nothing is known yet. */
export const createNetwork = (): Network => {
  const nodes = new Map<number, ZwaveNode>();
  let home = "";
  let radio = 0;
  // A node is never changed, only replaced.
  const placed = new WeakMap<ZwaveNode, readonly PlacedDevice[]>();

  const put = (node: ZwaveNode): void => {
    nodes.set(node.id, node);
  };
  const place = (node: ZwaveNode): readonly PlacedDevice[] => {
    const known = placed.get(node);
    if (known !== undefined) return known;
    const devices = devicesOfNode(node).map((device) => ({
      address: addressOf(home, node, device),
      node,
      device,
    }));
    placed.set(node, devices);
    return devices;
  };
  const devices = (): readonly PlacedDevice[] =>
    [...nodes.values()].filter(({ isController }) => !isController).flatMap(place);

  const afterController = (event: string, body: Members): Change => {
    switch (event) {
      case "node removed": {
        const gone = isObject(body.node) ? body.node.nodeId : undefined;
        if (typeof gone === "number") nodes.delete(gone);
        return { what: "devices" };
      }
      case "node added": {
        const node = parseNode(body.node);
        if (node !== undefined) put(node);
        return { what: "devices" };
      }
      case "status changed":
        radio = typeof body.status === "number" ? body.status : 0;
        return { what: "devices" };
      default:
        return { what: "nothing" };
    }
  };

  const afterNode = (event: string, body: Members): Change => {
    const before = typeof body.nodeId === "number" ? nodes.get(body.nodeId) : undefined;
    if (before === undefined) return { what: "nothing" };
    const node = nodeAfter(before, event, body);
    if (node === before) return { what: "nothing" };
    put(node);
    const isRenamed = node.name !== before.name || node.location !== before.location;
    const isValue = event === "value added" || event === "value updated";
    return isValue && !isRenamed && isObject(body.args)
      ? { what: "value", node, args: body.args, isNew: event === "value added" }
      : { what: "devices" };
  };

  return {
    start: (state, homeId) => {
      nodes.clear();
      home = (homeId ?? 0).toString(16).padStart(8, "0");
      const { status } = isObject(state.controller) ? state.controller : {};
      radio = typeof status === "number" ? status : 0;
      const told = Array.isArray(state.nodes) ? state.nodes : [];
      for (const node of told.flatMap((one: unknown) => parseNode(one) ?? [])) put(node);
    },
    after: ({ source, event, body }) => {
      if (source === "controller") return afterController(event, body);
      return source === "node" ? afterNode(event, body) : { what: "nothing" };
    },
    devices,
    at: (address) => devices().find((one) => one.address === address),
    dead: () => [...nodes.values()].filter(({ status }) => status === "dead").map(({ id }) => id),
    inTheWay: () => [
      ...[RADIO_TROUBLES[radio]].filter((trouble) => trouble !== undefined),
      ...[...nodes.values()].flatMap(({ id, name, isReady, status }) => {
        const node = name === undefined ? `Node ${id}` : `${name} (node ${id})`;
        if (!isReady)
          return [`${node}: its interview is not done. Wake it up, or interview it again.`];
        return status === "dead" ? [`${node}: it is dead to the network.`] : [];
      }),
    ],
    radioTrouble: () => RADIO_TROUBLES[radio],
  };
};

// A node's id is its own only in its network: another stick's node 4 is another device.
const addressOf = (home: string, node: ZwaveNode, { endpoint }: ZwaveDevice): string =>
  endpoint === 0 ? `${home}-${node.id}` : `${home}-${node.id}-${endpoint}`;
