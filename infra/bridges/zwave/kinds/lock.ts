import { eitherOr } from "#bridges/core/scale.ts";
import { type EndpointValues, isOnItsWay, NOTHING, type Way } from "./way.ts";

// https://zwave-js.github.io/zwave-js/#/api/CCs/DoorLock, DoorLockMode
const DOOR_LOCK = 98;
const SECURED = 255;
const UNSECURED = 0;
const UNKNOWN = 254;

/** A door lock; undefined for what is none. */
export const lockWay = (values: EndpointValues): Way | undefined =>
  values.find(DOOR_LOCK, "targetMode") === undefined
    ? undefined
    : {
        kind: "lock",
        fields: { locked: eitherOr(SECURED, UNSECURED) },
        writes: ({ locked }) =>
          locked === undefined
            ? []
            : [{ commandClass: DOOR_LOCK, property: "targetMode", value: locked, canFade: false }],
        questions: [{ commandClass: DOOR_LOCK, args: [], fields: ["locked"] }],
        understand: ([answer]) => {
          const { currentMode, targetMode, duration } = answer ?? {};
          if (typeof currentMode !== "number" || currentMode === UNKNOWN) return NOTHING;
          return {
            // Between them lie the unsecured modes: for a time, or from one side only.
            values: { locked: currentMode === SECURED ? SECURED : UNSECURED },
            isMoving: isOnItsWay(currentMode, targetMode, duration),
          };
        },
      };
