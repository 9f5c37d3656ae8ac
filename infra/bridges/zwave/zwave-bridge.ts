import type { Asked, Bridge, BridgeEvents, FoundDevice, ReadAnswer } from "#bridges/core/bridge.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { askDevice } from "./ask-device.ts";
import { createJams } from "./jams.ts";
import type { Values, Way } from "./kinds/way.ts";
import { knownAnswers } from "./known-answers.ts";
import { createNetwork, type PlacedDevice } from "./network.ts";
import { readingsOf } from "./readings.ts";
import type { Members } from "./server/server-messages.ts";
import { connectToServer, type Socket, type ZwaveServer } from "./server/zwave-server.ts";
import { tellDevice } from "./tell-device.ts";

// The driver shows a wished value as the current one at once, before or after it answers.
const HOPE_MS = 100;
// A ping that nobody answers keeps the radio busy for a second or more.
const PING_MS = 30_000;

/** What a device was told, and until when the driver's showing it is no news. */
interface Hope {
  readonly asked: Asked;
  untilMs: number;
}

const NOT_THERE = {
  reason: "UNREACHABLE",
  detail: "the Z-Wave network has no such device",
} as const;

/** A bridge that can say what is in its way. */
export interface ZwaveBridge extends Bridge {
  /** What of the network stands in the way of commands; once it was told. */
  inTheWay(): readonly string[];
}

/** The bridge to a zwave-js-server or Z-Wave JS UI at this address (`ws://…:3000`). Not connected yet. */
export const zwaveBridge = (url: string, openSocket?: (url: string) => Socket): ZwaveBridge => {
  const network = createNetwork();
  const jams = createJams();
  /** What a device was last heard to be, by address: what the driver repeats of it is no news. */
  const heard = new Map<string, string>();
  /** What each device was told last. */
  const hopes = new Map<string, Hope>();
  const readings = new Map<string, string>();
  let server: ZwaveServer | undefined;
  let isThere = false;
  let pings = 0;

  /** One dead node after the other: what has power again may not say so by itself. */
  const pingNext = (): void => {
    const dead = network.dead();
    const nodeId = dead[pings % dead.length];
    pings += 1;
    if (nodeId === undefined || !isThere || network.radioTrouble() !== undefined) return;
    // What it brings about, the driver tells: the node is alive.
    server?.command("node.ping", { nodeId }).catch(() => {});
  };
  const pinging = setInterval(pingNext, PING_MS);
  pinging.unref();

  const tellReadings = ({ address, node, device }: PlacedDevice, told: BridgeEvents): void => {
    const all = readingsOf(node, device.sensing);
    const fresh: ReportedState = Object.fromEntries(
      Object.entries(all).filter(([kind, reading]) =>
        isNews(readings, `${address} ${kind}`, reading),
      ),
    );
    if (Object.keys(fresh).length > 0) told.onReadings(address, fresh);
  };

  const noteValue = (id: number, args: Members, told: BridgeEvents): void => {
    jams.note(id, args);
    for (const placed of network.devices()) {
      if (placed.node.id !== id) continue;
      tellReadings(placed, told);
      const { address, device } = placed;
      if (device.way === undefined || args.newValue === args.prevValue) continue;
      const { values } = device.way.understand(
        knownAnswers(placed.node, device.endpoint, device.way),
      );
      if (isNews(heard, address, values) && !isHope(hopes.get(address), device.way, values)) {
        told.onHint(address);
      }
    }
  };

  return {
    events: (told) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server = connectToServer(
        url,
        {
          onState: (state, homeId) => {
            network.start(state, homeId);
            isThere = true;
            told.onHub(true);
            told.onDevices();
            for (const placed of network.devices()) tellReadings(placed, told);
            resolve();
          },
          onEvent: (event) => {
            const change = network.after(event);
            if (change.what === "nothing") return;
            if (change.what === "devices" || change.isNew) told.onDevices();
            if (change.what === "value") noteValue(change.node.id, change.args, told);
          },
          onLost: () => {
            isThere = false;
            told.onHub(false);
          },
          onTrouble: told.onTrouble,
        },
        openSocket,
      );
      return promise;
    },
    discover: () =>
      network
        .devices()
        .map((placed) => found(placed, isThere && network.radioTrouble() === undefined)),
    capabilities: (address) => network.at(address)?.device.capabilities,
    set: async (address, asked, how) => {
      const placed = network.at(address);
      if (placed === undefined || server === undefined) return { said: "failed", ...NOT_THERE };
      const { id } = placed.node;
      jams.forget(id);
      const hope = { asked, untilMs: Number.POSITIVE_INFINITY };
      hopes.set(address, hope);
      const answer = await tellDevice(placed, asked, how, {
        server,
        radioTrouble: network.radioTrouble(),
        isJammedSoon: (isOver) => jams.isJammedSoon(id, isOver),
      });
      hope.untilMs = Date.now() + HOPE_MS;
      return answer;
    },
    read: async (address, fields, isOver): Promise<ReadAnswer> => {
      const placed = network.at(address);
      if (placed === undefined || server === undefined) return { said: "nothing", ...NOT_THERE };
      const asking = askDevice(placed, fields, server, network.radioTrouble());
      const answer = await Promise.race([asking, over(isOver)]);
      if (answer.said === "nothing") return answer;
      isNews(heard, address, answer.values);
      return { ...answer, isJammed: jams.isJammed(placed.node.id) };
    },
    inTheWay: network.inTheWay,
    close: async () => {
      clearInterval(pinging);
      await server?.close();
    },
  };
};

const found = ({ address, node, device }: PlacedDevice, isReachable: boolean): FoundDevice => ({
  address,
  name: [
    node.name ?? `Node ${node.id}`,
    ...(device.label === undefined ? [] : [device.label]),
  ].join(" "),
  ...(node.location === undefined ? {} : { room: node.location }),
  groups: [],
  ...(node.model === undefined ? {} : { model: node.model }),
  capabilities: device.capabilities,
  isOnline: isReachable && node.isReady && node.status !== "dead",
  ...(node.isReady ? {} : { trouble: "its interview is not done" }),
});

/** Does the driver only show what the device was just told? */
const isHope = (hope: Hope | undefined, { fields }: Way, values: Values): boolean =>
  hope !== undefined &&
  Date.now() < hope.untilMs &&
  Object.entries(hope.asked).every(
    ([field, value]) => fields[field]?.toDevice(value) === values[field],
  );

/** Is it another than the last? It is the last now. */
const isNews = (
  last: Map<string, string>,
  key: string,
  now: Readonly<Record<string, Value>> | ReportedState[string],
): boolean => {
  const text = JSON.stringify(now);
  const isNew = last.get(key) !== text;
  last.set(key, text);
  return isNew;
};

/** Nobody waits for the answer any more. */
const over = (isOver: AbortSignal): Promise<ReadAnswer> => {
  const { promise, resolve } = Promise.withResolvers<ReadAnswer>();
  const give = (): void =>
    resolve({ said: "nothing", reason: "UNREACHABLE", detail: "it has not answered in time" });
  if (isOver.aborted) give();
  else isOver.addEventListener("abort", give, { once: true });
  return promise;
};
