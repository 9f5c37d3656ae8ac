import { parseHomeId } from "#domain/home/home-id.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";

/** The file of a bridge: where its hub is, and which of its devices are whose. It holds no secret. */
export interface BridgeFile {
  readonly url: string;
  readonly home: string;
  /** Zigbee2MQTT's. */
  readonly baseTopic: string;
  readonly username?: string;
  /** Where the password stands, alone. */
  readonly passwordFile?: string;
  /** The hub's address of each device, by the home's id of it. */
  readonly devices: Readonly<Record<string, string>>;
}

const MEMBERS = ["url", "home", "baseTopic", "username", "passwordFile", "devices"];

/**
 * Reads a bridge's file.
 * @throws HomeError `ArgumentsInvalid`, naming the member
 */
export const parseBridgeFile = (value: unknown): BridgeFile => {
  const wrong = (what: string): HomeError =>
    new HomeError("ArgumentsInvalid", `The bridge's file: ${what}`);
  if (!isObject(value))
    throw wrong('it must be an object, such as {"url":"mqtt://localhost:1883"}.');
  const {
    url,
    home = "home",
    baseTopic = "zigbee2mqtt",
    username,
    passwordFile,
    devices = {},
  } = value;
  if (Object.hasOwn(value, "password")) {
    throw wrong(
      "it holds no password. Write it alone into a file of mode 600, and name that: passwordFile.",
    );
  }
  const other = Object.keys(value).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) throw wrong(`it has no ${shown(other)}; it has ${MEMBERS.join(", ")}.`);
  if (typeof url !== "string" || !URL.canParse(url))
    throw wrong(
      "url must be where the hub is, such as mqtt://localhost:1883 or ws://localhost:3000.",
    );
  if (new URL(url).password !== "")
    throw wrong("url must hold no password; name a file with it: passwordFile.");
  if (typeof home !== "string" || typeof baseTopic !== "string" || baseTopic === "") {
    throw wrong("home and baseTopic must be texts.");
  }
  if (!isObject(devices))
    throw wrong('devices must give addresses by id, such as {"porch_lamp":"0x00124b0001020304"}.');
  const addresses = Object.entries(devices).map(([id, address]) => {
    if (typeof address !== "string" || address === "")
      throw wrong(`the address of ${shown(id)} must be a text.`);
    return [id, address] as const;
  });
  const twice = addresses.find(([id, address]) =>
    addresses.some(([other_, same]) => other_ !== id && same === address),
  );
  if (twice !== undefined) throw wrong(`${twice[1]} is two devices; it must be one.`);
  return {
    url,
    home: parseHomeId(home),
    baseTopic,
    ...(typeof username === "string" ? { username } : {}),
    ...(typeof passwordFile === "string" ? { passwordFile } : {}),
    devices: Object.fromEntries(addresses),
  };
};
