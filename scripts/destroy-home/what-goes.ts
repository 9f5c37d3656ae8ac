import { ListPrincipalThingsCommand, ListTargetsForPolicyCommand } from "@aws-sdk/client-iot";
import type { HomeId } from "#domain/home/home-id.ts";
import { thingOf } from "#domain/home/home-place.ts";
import { DEVICE_PREFIX, homeKey } from "#domain/home/keys.ts";
import type { Registry } from "../devices/registry.ts";
import { listHomes, queryAll } from "../homes/directory.ts";

/** What hangs on a stack and is not of its template. */
export interface Hanging {
  readonly homes: readonly HomeId[];
  /** Of the homes' devices, and those for which the stack's certificates stand. */
  readonly things: readonly string[];
  /** Certificates with the stack's device policy that stand for no thing. */
  readonly loose: readonly string[];
}

/** Finds what must go before a stack can: CloudFormation deletes no policy that a certificate has. */
export const whatHangs = async (registry: Registry): Promise<Hanging> => {
  const homes = (await listHomes(registry))
    .filter(({ state }) => state === "active")
    .map(({ home }) => home);
  const things = new Set<string>();
  for (const home of homes) {
    for (const { SK } of await queryAll(registry, homeKey(home))) {
      const key = String(SK);
      if (!key.startsWith(DEVICE_PREFIX)) continue;
      things.add(
        thingOf({ home, thingPrefix: registry.thingPrefix }, key.slice(DEVICE_PREFIX.length)),
      );
    }
  }
  const loose: string[] = [];
  for (const principal of await certificatesOf(registry)) {
    const found = await registry.iot.send(new ListPrincipalThingsCommand({ principal }));
    const own = found.things ?? [];
    for (const thing of own) things.add(thing);
    if (own.length === 0) loose.push(principal);
  }
  return { homes, things: [...things].sort(), loose };
};

const certificatesOf = async ({ iot, devicePolicy }: Registry): Promise<readonly string[]> => {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await iot.send(
      new ListTargetsForPolicyCommand({
        policyName: devicePolicy,
        ...(marker === undefined ? {} : { marker }),
      }),
    );
    found.push(...(page.targets ?? []).filter((target) => target.includes(":cert/")));
    marker = page.nextMarker;
  } while (marker !== undefined && marker !== "");
  return found;
};
