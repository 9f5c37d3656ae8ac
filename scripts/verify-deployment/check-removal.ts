import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeThingCommand, ResourceNotFoundException } from "@aws-sdk/client-iot";
import { marshall } from "@aws-sdk/util-dynamodb";
import { DIRECTORY_KEY, homeKey, META_KEY, principalKey } from "#domain/home/keys.ts";
import { recordChange } from "../devices/change-item.ts";
import { queryAll } from "../homes/directory.ts";
import { eraseHome } from "../homes/erase-home.ts";
import type { Check } from "./check.ts";
import { fault, well } from "./finding.ts";
import { readShadow } from "./shadow.ts";
import type { Visit } from "./visit.ts";

/** All that the visit made is taken away again, and nothing of it is left but the audit's records, which nobody removes. */
export const checkRemoval: Check = {
  name: "removal",
  needs: [],
  look: async (visit) => {
    await visit.lamp?.leave();
    delete visit.lamp;
    await visit.session?.close();
    if (!visit.hasHome) return well("Nothing had been made.");
    const { registry, home } = visit;
    await recordChange(registry, {
      change: "home-deleted",
      home,
      subject: home,
      command: "verify-deployment",
    });
    const { certificates } = await eraseHome(registry, home);
    // A home's id is kept for good, so that it is never given twice; this one was drawn, and nobody had a key to it.
    await remove(visit, homeKey(home), META_KEY);
    await remove(visit, DIRECTORY_KEY, home);
    visit.hasHome = false;
    const left = await leftOf(visit);
    if (left.length > 0) {
      return fault(
        "LeftBehind",
        `Not everything could be taken away again: ${left.join(", ")} is still there.`,
        `npm run delete-home -- ${home} does what is left; DetachThingPrincipal is asynchronous, and may need a second time.`,
      );
    }
    return well(
      `Home, device, thing, shadow, membership and ${certificates === 1 ? "its certificate" : `${certificates} certificates`} are gone; the audit keeps its records.`,
    );
  },
};

const remove = async ({ registry }: Visit, PK: string, SK: string): Promise<void> => {
  await registry.dynamoDb.send(
    new DeleteItemCommand({ TableName: registry.homeTable, Key: marshall({ PK, SK }) }),
  );
};

const leftOf = async (visit: Visit): Promise<readonly string[]> => {
  const { registry, home, thing } = visit;
  const items = await queryAll(registry, homeKey(home));
  const memberships = await queryAll(registry, principalKey(registry.machineClientId));
  const { desired, reported } = await readShadow(visit);
  return [
    ...items.map(({ SK }) => `the item ${String(SK)}`),
    ...(memberships.some(({ SK }) => SK === homeKey(home)) ? ["the membership"] : []),
    ...((await isThing(visit)) ? [`the thing ${thing}`] : []),
    ...(Object.keys({ ...desired, ...reported }).length > 0 ? ["its shadow"] : []),
  ];
};

const isThing = async ({ registry, thing }: Visit): Promise<boolean> => {
  try {
    await registry.iot.send(new DescribeThingCommand({ thingName: thing }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};
