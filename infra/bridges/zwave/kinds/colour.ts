import { numbers } from "#bridges/core/scale.ts";
import type { EndpointValues, Way, Write } from "./way.ts";

// Color Switch, 0 to 255 a component. https://zwave-js.github.io/zwave-js/#/api/CCs/ColorSwitch
const COLOR_SWITCH = 51;
const [RED, GREEN, BLUE] = [2, 3, 4];
const NAMES: Readonly<Record<string, string>> = {
  0: "warmWhite",
  1: "coldWhite",
  [RED]: "red",
  [GREEN]: "green",
  [BLUE]: "blue",
};

const HUE = numbers({
  least: 0,
  most: 360,
  unit: "degrees",
  toDevice: (hue) => hue % 360,
  toHome: (hue) => Math.round(hue * 10) / 10,
  slack: 1.5,
  circle: 360,
});
const SATURATION = numbers({
  least: 0,
  most: 100,
  unit: "%",
  toDevice: (saturation) => saturation,
  toHome: (saturation) => Math.round(saturation * 10) / 10,
  slack: 1,
});

/**
 * A lamp with the colours that it has: hue and saturation by its red, green and blue. Its white channels are no colour
 * temperature: what they look like, no command class says.
 */
export const withColour = (lamp: Way, values: EndpointValues): Way => {
  const components = values.keys(COLOR_SWITCH, "currentColor");
  if (![RED, GREEN, BLUE].every((one) => components.includes(String(one)))) return lamp;
  const canFade = values.find(COLOR_SWITCH, "targetColor")?.canFade ?? false;
  const whites = components.filter((one) => Number(one) < RED);
  const lampQuestions = lamp.questions.length;

  const colourOf = (hue: number, saturation: number): Write => {
    const [red, green, blue] = toRgb(hue, saturation);
    const dark = whites.flatMap((one) => NAMES[one] ?? []).map((name) => [name, 0] as const);
    return {
      commandClass: COLOR_SWITCH,
      property: "targetColor",
      value: { ...Object.fromEntries(dark), red, green, blue },
      canFade,
    };
  };

  return {
    ...lamp,
    fields: { ...lamp.fields, hue: HUE, saturation: SATURATION },
    writes: ({ hue, saturation, ...rest }) => [
      ...(typeof hue === "number"
        ? [colourOf(hue, typeof saturation === "number" ? saturation : 100)]
        : []),
      ...lamp.writes(rest),
    ],
    questions: [
      ...lamp.questions,
      ...[RED, GREEN, BLUE].map((one) => ({
        commandClass: COLOR_SWITCH,
        args: [one],
        fields: ["hue", "saturation"],
      })),
    ],
    understand: (answers) => {
      const { values: known, isMoving } = lamp.understand(answers.slice(0, lampQuestions));
      const levels = answers.slice(lampQuestions).map((answer) => answer?.currentValue);
      const [red, green, blue] = levels;
      if (typeof red !== "number" || typeof green !== "number" || typeof blue !== "number") {
        return { values: known, isMoving };
      }
      return { values: { ...known, ...toHueAndSaturation(red, green, blue) }, isMoving };
    },
  };
};

// Full value: how bright it is, the level says.
const toRgb = (hue: number, saturation: number): readonly [number, number, number] => {
  const channel = (offset: number): number => {
    const k = (offset + hue / 60) % 6;
    const share = 1 - (saturation / 100) * Math.max(0, Math.min(k, 4 - k, 1));
    return Math.round(share * 255);
  };
  return [channel(5), channel(3), channel(1)];
};

/** What the three are; black is no colour, and what is grey has no hue. */
const toHueAndSaturation = (
  red: number,
  green: number,
  blue: number,
): { readonly hue?: number; readonly saturation?: number } => {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (most === 0) return {};
  if (spread === 0) return { hue: 0, saturation: 0 };
  const sixth =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4;
  return { hue: sixth * 60, saturation: (spread / most) * 100 };
};
