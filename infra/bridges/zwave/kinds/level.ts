import { eitherOr, numbers, type Scale } from "#bridges/core/scale.ts";
import { type EndpointValues, isOnItsWay, NOTHING, type Way } from "./way.ts";

// Multilevel Switch, 0 to 99; 255 is the level that it had when it was last on.
// https://zwave-js.github.io/zwave-js/#/api/CCs/MultilevelSwitch
export const MULTILEVEL_SWITCH = 38;
const HIGHEST = 99;
const AS_LAST = 255;

/** A percentage in 0 to 99. Dimmers of 32 steps and fewer exist; what one rounds by more than one of 99 is not as asked. */
export const percentOf99 = (least: number): Scale =>
  numbers({
    least,
    most: 100,
    unit: "%",
    toDevice: (percent) => (percent === 0 ? 0 : Math.max(1, Math.round((percent * HIGHEST) / 100))),
    toHome: (level) => Math.round((Math.min(level, HIGHEST) * 100) / HIGHEST),
    slack: 1,
  });

/** A dimmer or a fan; undefined for what has no level. */
export const levelWay = (values: EndpointValues, kind: "light" | "fan"): Way | undefined => {
  const target = values.find(MULTILEVEL_SWITCH, "targetValue");
  if (target === undefined) return undefined;
  const field = kind === "light" ? "brightness" : "speed";
  return {
    kind,
    fields: { on: eitherOr(true, false), [field]: percentOf99(1) },
    writes: ({ on, [field]: level }) => {
      if (on === undefined && level === undefined) return [];
      const value = on === false ? 0 : (level ?? AS_LAST);
      return [
        {
          commandClass: MULTILEVEL_SWITCH,
          property: "targetValue",
          value,
          canFade: target.canFade,
        },
      ];
    },
    questions: [{ commandClass: MULTILEVEL_SWITCH, args: [], fields: ["on", field] }],
    understand: ([answer]) => {
      const { currentValue, targetValue, duration } = answer ?? {};
      // 254 is "I do not know".
      if (typeof currentValue !== "number" || currentValue > HIGHEST) return NOTHING;
      return {
        values: currentValue === 0 ? { on: false } : { on: true, [field]: currentValue },
        isMoving: isOnItsWay(currentValue, targetValue, duration),
      };
    },
  };
};
