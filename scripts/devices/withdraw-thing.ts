import {
  DeleteThingCommand,
  paginateListThingPrincipals,
  ResourceNotFoundException,
} from "@aws-sdk/client-iot";
import {
  DeleteThingShadowCommand,
  ResourceNotFoundException as ShadowNotFoundException,
} from "@aws-sdk/client-iot-data-plane";
import type { Registry } from "./registry.ts";
import { releasePrincipal } from "./withdraw-certificate.ts";

type Things = Pick<Registry, "iot" | "iotData">;

/**
 * Takes a device's thing out of the registry: first the certificates that let it in, then the thing, then its shadow.
 * Says how many certificates there were. Given again after a failure it does what is left.
 */
export const withdrawThing = async (things: Things, thingName: string): Promise<number> => {
  const principals = await principalsOf(things, thingName);
  for (const principal of principals) await releasePrincipal(things, thingName, principal);
  await things.iot.send(new DeleteThingCommand({ thingName }));
  await deleteShadow(things, thingName);
  return principals.length;
};

/** A device need not be a thing of the registry: the simulated ones are not. */
const principalsOf = async ({ iot }: Things, thingName: string): Promise<readonly string[]> => {
  const found: string[] = [];
  try {
    for await (const page of paginateListThingPrincipals({ client: iot }, { thingName })) {
      found.push(...(page.principals ?? []));
    }
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
  return found;
};

// A shadow outlives its thing: whoever got the device's id next would be told to do what this one was asked last.
const deleteShadow = async ({ iotData }: Things, thingName: string): Promise<void> => {
  try {
    await iotData.send(new DeleteThingShadowCommand({ thingName }));
  } catch (error) {
    if (!(error instanceof ShadowNotFoundException)) throw error;
  }
};
