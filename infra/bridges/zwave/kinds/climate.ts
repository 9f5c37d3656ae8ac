import { numbers, type Scale, wordForWord } from "#bridges/core/scale.ts";
import type { NodeValue } from "../server/node.ts";
import type { EndpointValues, Question, Way } from "./way.ts";

// https://zwave-js.github.io/zwave-js/#/api/CCs/ThermostatMode and ThermostatSetpoint
const THERMOSTAT_MODE = 64;
const THERMOSTAT_SETPOINT = 67;
const OFF = 0;
const HEAT = 1;
const COOL = 2;
const MODES: Readonly<Record<string, number>> = { off: OFF, heat: HEAT, cool: COOL, auto: 3 };
const HEATING = "1";
const COOLING = "2";
// The mode says which setpoint counts.
const FIELDS = ["mode", "targetC"];

// What the home may ask for. (functions/domain/home/kinds/climate.ts)
const LEAST_C = 5;
const MOST_C = 35;

/** A thermostat; undefined for what is none. */
export const climateWay = (values: EndpointValues): Way | undefined => {
  const mode = values.find(THERMOSTAT_MODE, "mode");
  const types = values
    .keys(THERMOSTAT_SETPOINT, "setpoint")
    .filter((type): boolean => type === HEATING || type === COOLING);
  const [first] = types;
  if (mode === undefined && first === undefined) return undefined;
  const setpoint =
    first === undefined ? undefined : values.find(THERMOSTAT_SETPOINT, "setpoint", first);
  const questions: readonly Question[] = [
    ...(mode === undefined ? [] : [{ commandClass: THERMOSTAT_MODE, args: [], fields: FIELDS }]),
    ...types.map((type) => ({
      commandClass: THERMOSTAT_SETPOINT,
      args: [Number(type)],
      fields: FIELDS,
    })),
  ];
  /** The setpoint that a mode is about, of those that there are. */
  const typeFor = (device: unknown): string | undefined => {
    const type = device === COOL ? COOLING : HEATING;
    return types.includes(type) ? type : first;
  };
  const onlyMode = first === COOLING ? COOL : HEAT;

  return {
    kind: "climate",
    fields: {
      // One without modes heats or cools, and nothing else.
      mode: wordForWord(mode === undefined ? modes([String(onlyMode)]) : modes(mode.states)),
      ...(setpoint === undefined ? {} : { targetC: celsius(setpoint) }),
    },
    writes: (asked) => [
      ...(asked.mode === undefined || mode === undefined
        ? []
        : [
            {
              commandClass: THERMOSTAT_MODE,
              property: "mode",
              value: asked.mode,
              canFade: false,
            },
          ]),
      ...(asked.targetC === undefined
        ? []
        : [
            {
              commandClass: THERMOSTAT_SETPOINT,
              property: "setpoint",
              propertyKey: Number(typeFor(asked.mode)),
              value: asked.targetC,
              canFade: false,
            },
          ]),
    ],
    questions,
    understand: (answers) => {
      const current = mode === undefined ? onlyMode : answers[0]?.mode;
      const targets = answers.slice(mode === undefined ? 0 : 1);
      const target = targets[types.indexOf(typeFor(current) ?? "")]?.value;
      return {
        values: {
          ...(typeof current === "number" ? { mode: current } : {}),
          ...(typeof target === "number" && current !== OFF ? { targetC: target } : {}),
        },
        isMoving: false,
      };
    },
  };
};

/** The words for the modes that it has. */
const modes = (states: readonly string[] | undefined): Readonly<Record<string, number>> =>
  states === undefined
    ? MODES
    : Object.fromEntries(Object.entries(MODES).filter(([, mode]) => states.includes(String(mode))));

/** Degrees as the device holds them: half a step of the coarsest that is common, in its own unit. */
const celsius = ({ unit, min, max }: NodeValue): Scale => {
  const isFahrenheit = unit === "°F";
  const toDevice = (c: number): number =>
    isFahrenheit ? Math.round((c * 9) / 5 + 32) : Math.round(c * 10) / 10;
  const toHome = (device: number): number =>
    Math.round((isFahrenheit ? ((device - 32) * 5) / 9 : device) * 10) / 10;
  return numbers({
    least: Math.max(LEAST_C, min === undefined ? LEAST_C : toHome(min)),
    most: Math.min(MOST_C, max === undefined ? MOST_C : toHome(max)),
    unit: "°C",
    toDevice,
    toHome,
    slack: isFahrenheit ? 0.5 : 0.25,
    ...(isFahrenheit ? { step: 0.6 } : {}),
  });
};
