import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { sceneKey } from "#domain/home/keys.ts";
import { newDevice } from "#domain/home/new-device.ts";
import { parseScene } from "#domain/home/scene.ts";
import { changeItem } from "../devices/change-item.ts";
import { homeItem, readHomeRecords } from "../devices/home-records.ts";
import { registerDevice } from "../devices/register-device.ts";
import { createHome } from "../homes/directory.ts";
import { joinHome } from "../homes/members.ts";
import type { Check } from "./check.ts";
import { well } from "./finding.ts";
import type { Visit } from "./visit.ts";

/** What the lamp is called, as a device and as a scene. */
export const LAMP = "lamp";
export const SCENE = "lamp_off";
const HOME_NAME = "Verification";

/** A home with one lamp, a certificate for it, a scene of it, and the machine client as its resident. */
export const checkHome: Check = {
  name: "throw-away home",
  needs: [],
  look: async (visit) => {
    const { registry, home, folder } = visit;
    const now = new Date().toISOString();
    await createHome(
      registry,
      { home, name: HOME_NAME, timeZone: "UTC", state: "active", createdAt: now },
      [
        await changeItem(registry, {
          change: "home-added",
          home,
          subject: home,
          command: "verify-deployment",
        }),
      ],
    );
    visit.hasHome = true;
    await joinAs(visit, "resident");
    const records = await readHomeRecords(registry, home);
    const lamp = newDevice(records, { name: LAMP, kind: "light", room: "Nowhere" });
    const { certificateArn, ...files } = await registerDevice(
      registry,
      home,
      lamp,
      undefined,
      folder,
    );
    visit.files = {
      ...files,
      ...(visit.rootCertificateFile === undefined
        ? {}
        : { rootCertificateFile: visit.rootCertificateFile }),
    };
    const scene = parseScene(
      {
        id: SCENE,
        name: "Lamp off",
        version: 1,
        stages: [{ name: "off", devices: { [LAMP]: { light: { on: false } } } }],
      },
      [lamp],
    );
    await registry.dynamoDb.send(
      new PutItemCommand({
        TableName: registry.homeTable,
        Item: homeItem(home, sceneKey(scene.id), scene),
      }),
    );
    return well(
      `Home ${home} with the thing ${lamp.thing}, its certificate ${certificateArn.slice(-12)} and one scene.`,
    );
  },
};

/** Gives the machine client a role in the throw-away home; one that it has is replaced. */
export const joinAs = ({ registry, home }: Visit, role: "resident" | "guest"): Promise<void> =>
  joinHome(registry, {
    sub: registry.machineClientId,
    home,
    role,
    name: HOME_NAME,
    who: "machine",
    by: "npm run verify-deployment",
    since: new Date().toISOString(),
  });
