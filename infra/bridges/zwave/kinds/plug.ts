import { eitherOr } from "#bridges/core/scale.ts";
import { type EndpointValues, NOTHING, type Way } from "./way.ts";

// https://zwave-js.github.io/zwave-js/#/api/CCs/BinarySwitch
const BINARY_SWITCH = 37;

/** What is on or off; undefined for what is neither. */
export const plugWay = (values: EndpointValues): Way | undefined =>
  values.find(BINARY_SWITCH, "targetValue") === undefined
    ? undefined
    : {
        kind: "plug",
        fields: { on: eitherOr(true, false) },
        writes: ({ on }) =>
          on === undefined
            ? []
            : [
                {
                  commandClass: BINARY_SWITCH,
                  property: "targetValue",
                  value: on,
                  canFade: false,
                },
              ],
        questions: [{ commandClass: BINARY_SWITCH, args: [], fields: ["on"] }],
        understand: ([answer]) => {
          const on = answer?.currentValue;
          return typeof on === "boolean" ? { values: { on }, isMoving: false } : NOTHING;
        },
      };
