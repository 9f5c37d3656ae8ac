import type { Device } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { normalizeName } from "#domain/home/names.ts";
import { resolveTarget } from "#domain/home/targets.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";

/** What a home has that may be named. */
export type Place = Pick<Home, "devices" | "groups" | "floors">;

/** Home Assistant's domains, and the kind of device that each becomes; `plug` is what only switches. */
export const KIND_OF_DOMAIN: Readonly<Record<string, DeviceKind>> = {
  light: "light",
  switch: "plug",
  input_boolean: "plug",
  lock: "lock",
  cover: "cover",
  climate: "climate",
  media_player: "media",
  alarm_control_panel: "alarm",
  fan: "fan",
  humidifier: "humidifier",
  vacuum: "vacuum",
};

/** The parts of an entity's id, `light.hall_lamp`; undefined for a text that is none. */
export const partsOfEntity = (
  name: string,
): { readonly domain: string; readonly object: string } | undefined => {
  const [, domain, object] = /^([a-z][a-z0-9_]*)\.([a-z0-9_]+)$/.exec(name) ?? [];
  return domain === undefined || object === undefined ? undefined : { domain, object };
};

const NEXT = "Use one of these names.";

/**
 * The devices that a name means: a device, a group, a room, a floor, a label, or an entity's id whose second half is the
 * name of a device.
 * @throws HomeError `DeviceUnknown` with the closest names, or `NameAmbiguous`
 */
export const findDevices = (name: string, home: Place): readonly Device[] => {
  const entity = partsOfEntity(name);
  if (entity === undefined) return devicesOf(resolveTarget(name, home, NEXT).devices, home);
  const { domain, object } = entity;
  if (domain === "group")
    return devicesOf(resolveTarget(`group:${object}`, home, NEXT).devices, home);
  const kind = KIND_OF_DOMAIN[domain];
  const wanted = normalizeName(object);
  const called = home.devices.filter((device) =>
    [device.id, device.name, ...device.aliases].some((one) => normalizeName(one) === wanted),
  );
  // A lamp on a switched socket is a light there and may be a plug here; of two, the kind says which.
  const alike = called.filter((device) => device.kind === kind);
  const [only, ...more] = alike.length > 0 ? alike : called;
  if (only !== undefined && more.length === 0) return [only];
  if (only !== undefined) {
    const candidates = [only, ...more].map(({ id }) => id);
    throw new HomeError("NameAmbiguous", `"${name}" may be ${candidates.join(" or ")}.`, {
      closest: candidates,
    });
  }
  return devicesOf(resolveTarget(`device:${object}`, home, NEXT).devices, home);
};

const devicesOf = (ids: readonly string[], home: Place): readonly Device[] =>
  home.devices.filter(({ id }) => ids.includes(id));
