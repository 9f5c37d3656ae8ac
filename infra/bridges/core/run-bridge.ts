import { isCommandable } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { DeviceLink, LinkEvents } from "#house/contract/device-link.ts";
import type { Bridge } from "./bridge.ts";
import { commandableThing } from "./commandable-thing.ts";
import { sensingThing } from "./sensing-thing.ts";
import type { BoundDevice, Thing, ThingOptions } from "./thing.ts";
import { turnstile } from "./turnstile.ts";

/** What a bridge is run with. */
export interface RunOptions {
  readonly bridge: Bridge;
  readonly devices: readonly BoundDevice[];
  /** The connection of one thing, with its own certificate and last will. */
  openLink(thing: string, events: LinkEvents): DeviceLink;
  log(line: string): void;
}

/** A bridge that runs. */
export interface RunningBridge {
  /** Each thing reports that it is offline, and the hub is left. */
  close(): Promise<void>;
}

// A Zigbee coordinator takes 8 to 16 frames at once, and a Z-Wave controller one after the other.
const AT_ONCE = 8;
// A thing a time would take minutes for a hundred; all at once, AWS IoT refuses some.
const STARTED_AT_ONCE = 20;

/**
 * Keeps one thing for each device: its connection, its shadow, its commands. Resolves when each has been looked at, and is
 * connected. Nothing is kept here that would be missed: what a device is, it says; what was answered, its shadow has.
 */
export const runBridge = async (options: RunOptions): Promise<RunningBridge> => {
  const { bridge, devices, log } = options;
  const pass = turnstile(AT_ONCE);
  const things = new Map<string, Thing>();
  const present = new Map<string, boolean>();
  const over = new AbortController();
  /** What was sensed before the things are there: what the hub knows from the start. */
  const early = new Map<string, ReportedState>();
  let isHubThere = false;

  const isThere = (address: string): boolean => isHubThere && present.get(address) === true;
  const lookAround = (): void => {
    const found = new Map(bridge.discover().map((one) => [one.address, one]));
    for (const { address } of devices) {
      const one = found.get(address);
      present.set(address, one?.isOnline === true && one.trouble === undefined);
    }
  };
  /** Tells the things whose presence is another than before. */
  const tell = (change: () => void): void => {
    const before = devices.map(({ address }) => isThere(address));
    change();
    devices.forEach(({ address }, at) => {
      if (isThere(address) !== before[at]) things.get(address)?.presenceChanged();
    });
  };

  await bridge.events({
    onHub: (isNowThere) =>
      tell(() => {
        isHubThere = isNowThere;
        lookAround();
      }),
    onDevices: () => tell(lookAround),
    onHint: (address) => things.get(address)?.hint(),
    onReadings: (address, readings) => {
      const thing = things.get(address);
      thing?.readings(readings);
      if (thing === undefined) early.set(address, { ...early.get(address), ...readings });
    },
    onTrouble: log,
  });
  lookAround();

  for (const bound of devices) {
    const { device, address } = bound;
    const common: ThingOptions = {
      bound,
      bridge,
      pass,
      isThere: () => isThere(address),
      openLink: (events) => options.openLink(device.thing, events),
      log,
    };
    things.set(
      address,
      isCommandable(device) ? commandableThing({ ...common, device }) : sensingThing(common),
    );
    things.get(address)?.readings(early.get(address) ?? {});
  }
  const start = turnstile(STARTED_AT_ONCE);
  await Promise.all([...things.values()].map((thing) => start(thing.start, over.signal)));

  return {
    close: async () => {
      over.abort();
      await Promise.all([...things.values()].map((thing) => thing.stop()));
      await bridge.close();
    },
  };
};
