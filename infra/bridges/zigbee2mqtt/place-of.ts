import { isObject } from "#domain/json.ts";
import type { HubDevice } from "./hub-device.ts";

/** What a device is called, where it is and which groups it is in: `kitchen/coffee` is in the kitchen. */
export const placeOf = (
  { name, ieee }: Pick<HubDevice, "name" | "ieee">,
  groups: unknown,
): { readonly name: string; readonly room?: string; readonly groups: readonly string[] } => {
  const own = (Array.isArray(groups) ? groups : []).flatMap((group: unknown) => {
    if (!isObject(group) || typeof group.friendly_name !== "string") return [];
    const { members } = group;
    const isMember =
      Array.isArray(members) &&
      members.some((one: unknown) => isObject(one) && one.ieee_address === ieee);
    return isMember ? [group.friendly_name] : [];
  });
  const [room, ...rest] = name.split("/");
  return {
    name,
    ...(rest.length === 0 || room === undefined || room === "" ? {} : { room: inWords(room) }),
    groups: own,
  };
};

const inWords = (text: string): string =>
  text.replace(/[_-]+/g, " ").replace(/^./, (letter) => letter.toUpperCase());
