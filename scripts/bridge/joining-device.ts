import type { Capabilities, FoundDevice } from "#bridges/core/bridge.ts";
import type { Device } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { newDevice } from "#domain/home/new-device.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";

// Real radios are slower than imagined devices: a dead router shows only after its neighbours' retries.
const WINDOW_SECONDS: Partial<Record<DeviceKind, number>> = {
  light: 8,
  plug: 8,
  lock: 15,
  cover: 90,
  climate: 10,
  fan: 8,
};
const SLEEPY_WINDOW_SECONDS = 30;

/** A hub's device as it would join the home, or what is in its way: a name that is taken, or is none. */
export const joiningDevice = (
  home: Home,
  found: FoundDevice,
  { kind, senses, isSleepy, fields }: Capabilities,
  wanted: { readonly as?: string; readonly room?: string },
): Device | HomeError => {
  const window =
    kind === "sensor"
      ? undefined
      : isSleepy && kind === "climate"
        ? SLEEPY_WINDOW_SECONDS
        : WINDOW_SECONDS[kind];
  const steps = Object.entries(fields).flatMap(([field, { step }]) =>
    step === undefined ? [] : [[field, step] as const],
  );
  try {
    return newDevice(home, {
      name: wanted.as ?? nameOf(found),
      kind,
      room: wanted.room ?? found.room ?? "House",
      ...(window === undefined ? {} : { windowSeconds: window }),
      ...(senses.length === 0 ? {} : { senses }),
      ...(steps.length === 0 ? {} : { step: Object.fromEntries(steps) }),
    });
  } catch (error) {
    if (error instanceof HomeError) return error;
    throw error;
  }
};

/** "kitchen/coffee" is called "Kitchen coffee", and one without a name of its own by its kind and the end of its address. */
const nameOf = ({ name, address, capabilities }: FoundDevice): string => {
  const isNamed = !name.startsWith("0x");
  const words = isNamed
    ? name
    : `${capabilities?.kind ?? "device"} ${address.replaceAll("/", " ").slice(-4)}`;
  return words.replace(/[/_-]+/g, " ").replace(/^./, (letter) => letter.toUpperCase());
};
