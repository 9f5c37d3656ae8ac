import type { Check } from "./check.ts";
import { fault, well } from "./finding.ts";
import { shadowUntil } from "./shadow.ts";
import { made } from "./visit.ts";

/** A lamp whose connection breaks is offline by its last will. */
export const checkLastWill: Check = {
  name: "last will",
  needs: ["certificate over mqtt"],
  look: async (visit) => {
    const lamp = made(visit.lamp, "lamp");
    await lamp.cutOff();
    delete visit.lamp;
    const { reported } = await shadowUntil(visit, (shadow) => shadow.reported.online === false);
    if (reported.online === false) {
      return well("A lamp whose connection broke is offline in its shadow, by its last will.");
    }
    return fault(
      "LastWillLost",
      "The lamp's connection broke and its shadow still says that it is online: the broker spoke no last will, or the rule republish_last_will did not put it into the shadow.",
      "The device policy must let it publish to smarthome/<thing>/last-will; look at the rules' error log, and whether a republished message updates a shadow ($$aws/…).",
    );
  },
};
