/** A scene that must be refused: its text, and what is said of it. */
export interface BadScene {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  /** `line:column`; absent where the whole text is meant. */
  readonly at?: string;
}

const yaml = (what: string, text: string, code: string, at?: string): BadScene => ({
  what,
  text: `${text}\n`,
  code,
  ...(at === undefined ? {} : { at }),
});

/** An otherwise good scene with one entity. */
const entity = (what: string, line: string, code: string, at: string): BadScene =>
  yaml(what, `name: Film night\nentities:\n  ${line}`, code, at);

const OK = "name: Film night\nentities:\n  ceiling: off";

const levels = (count: number): string =>
  Array.from({ length: count }, (_, level) =>
    level === 0
      ? "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"
      : `a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`,
  ).join("\n");

export const BAD_YAML: readonly BadScene[] = [
  // The text.
  yaml("a bracket that is never closed", "name: [Film", "SceneTextInvalid", "2:1"),
  yaml("a tab that indents", "name: Film\nentities:\n\tceiling: off", "SceneTextInvalid", "3:1"),
  yaml("a key that stands twice", "name: A\nname: B\nentities: {}", "SceneTextInvalid", "2:1"),
  yaml("an entity that stands twice", `${OK}\n  ceiling: on`, "SceneTextInvalid", "4:3"),
  yaml("a billion laughs", levels(10), "SceneTextInvalid", "2:20"),
  yaml("a list that holds itself", "name: &a [*a]", "SceneTextInvalid", "1:10"),
  yaml("an alias without an anchor", "name: *nowhere", "SceneTextInvalid", "1:7"),
  yaml("a tag nobody knows", "name: !!python/object:os.system x", "SceneTextInvalid", "1:7"),
  yaml("a binary", "name: !!binary aGFsbG8=", "SceneTextInvalid", "1:7"),
  yaml("a key that is a list", "? [a, b]\n: c", "SceneTextInvalid", "1:3"),
  yaml("two documents", "name: A\n---\nname: B", "SceneTextInvalid", "2:1"),
  yaml(
    "a list thirty deep",
    `name: ${"[".repeat(30)}${"]".repeat(30)}`,
    "SceneTextInvalid",
    "1:31",
  ),
  yaml("300,000 characters", `name: ${"x".repeat(300_000)}`, "SceneTextInvalid"),
  yaml("nothing at all", "", "SceneInvalid"),
  yaml("a text", "Film night", "SceneInvalid", "1:1"),
  yaml("a list", "- name: Film night", "SceneInvalid", "1:1"),
  // The scene.
  yaml("no name", "entities: {ceiling: off}", "SceneInvalid", "1:1"),
  yaml("a name of a line break", 'name: "a\\nb"\nentities: {ceiling: off}', "SceneInvalid", "1:1"),
  yaml(
    "a name that turns the writing",
    'name: "a\\u202eb"\nentities: {ceiling: off}',
    "SceneInvalid",
    "1:1",
  ),
  yaml(
    "a name of 65 characters",
    `name: ${"x".repeat(65)}\nentities: {ceiling: off}`,
    "SceneInvalid",
    "1:1",
  ),
  yaml("a name that makes no id", "name: 🌙\nentities: {ceiling: off}", "SceneInvalid", "1:1"),
  yaml("an id that is no id", `${OK}\nid: ../META`, "SceneInvalid", "4:1"),
  yaml("an id that would be another key", `${OK}\nid: "goodnight#1"`, "SceneInvalid", "4:1"),
  yaml("an alias that cannot be seen", `${OK}\naliases: ["a\\u200bb"]`, "SceneInvalid", "4:11"),
  yaml("a member nobody knows", `${OK}\nprioritty: 5`, "SceneInvalid", "4:1"),
  yaml("the prototype as a member", `${OK}\n__proto__: {name: x}`, "SceneInvalid", "4:1"),
  yaml("no entities", "name: Film night", "SceneInvalid", "1:1"),
  yaml("entities as a list", "name: Film night\nentities: [ceiling]", "SceneInvalid", "2:1"),
  yaml(
    "10,000 entities",
    `name: Film\nentities:\n${Array.from({ length: 10_000 }, (_, one) => `  l${one}: off`).join("\n")}`,
    "SceneInvalid",
    "203:3",
  ),
  yaml(
    "201 entities",
    `name: Film\nentities:\n${Array.from({ length: 201 }, (_, one) => `  l${one}: off`).join("\n")}`,
    "SceneInvalid",
    "203:3",
  ),
  yaml("schedules that are no boolean", `${OK}\nschedules: never`, "SceneInvalid", "4:1"),
  yaml("a conflict nobody knows", `${OK}\non_conflict: race`, "SceneInvalid", "4:1"),
  yaml("half a partial", `${OK}\non_partial: undo_step`, "SceneInvalid", "4:1"),
  yaml("six tries", `${OK}\nretry: {tries: 6}`, "SceneInvalid", "4:1"),
  yaml("a hold of an hour", `${OK}\nhold: 60m`, "SceneInvalid", "4:1"),
  yaml("a hold of a banana", `${OK}\nhold: banana`, "SceneInvalid", "4:1"),
  yaml("expired before it is sent", `${OK}\nexpires: -1`, "SceneInvalid", "4:1"),
  yaml("stages and entities", `${OK}\nstages: []`, "SceneInvalid", "2:1"),
  yaml("no stage", "name: A\nstages: []", "SceneInvalid", "2:1"),
  yaml(
    "eleven stages",
    `name: A\nstages: [${Array.from({ length: 11 }, () => "{entities: {ceiling: off}}").join(", ")}]`,
    "SceneInvalid",
    "2:1",
  ),
  yaml(
    "a stage with a slip of the pen",
    "name: A\nstages:\n  - requird: true\n    entities: {ceiling: off}",
    "SceneInvalid",
    "3:5",
  ),
  yaml(
    "a device in two stages",
    "name: A\nstages:\n  - entities: {ceiling: off}\n  - entities: {ceiling: on}",
    "SceneInvalid",
    "4:16",
  ),
  yaml(
    "a required device that is elsewhere",
    `${OK}\nrequired: [hall_lamp]`,
    "SceneInvalid",
    "4:12",
  ),
  yaml(
    "an approval of a device that is elsewhere",
    `${OK}\napproval: [front_door]`,
    "SceneInvalid",
    "4:12",
  ),
  yaml("a fade of an hour", `${OK}\ntransition: 3600`, "SceneInvalid", "4:1"),
  // Devices.
  entity("an unknown device", "cieling: off", "DeviceUnknown", "3:3"),
  entity("an unknown entity", "light.cieling: off", "DeviceUnknown", "3:3"),
  entity("an unknown group", "group.nobody: off", "DeviceUnknown", "3:3"),
  entity("a sensor", "window: on", "StateInvalid", "3:3"),
  entity("a hostile name", '"\\u0000": off', "SceneInvalid", "3:3"),
  entity("a name of another home", "other#ceiling: off", "DeviceUnknown", "3:3"),
  entity("a shadow's topic", "$aws/things/x: off", "DeviceUnknown", "3:3"),
  yaml(
    "a target that has no such kind",
    "name: A\ntargets: [{target: 'room:Hall', kind: cover, state: closed}]",
    "SceneInvalid",
    "2:12",
  ),
  yaml(
    "a target of no kind",
    "name: A\ntargets: [{target: 'room:Hall', kind: lamp, state: off}]",
    "SceneInvalid",
    "2:12",
  ),
  yaml(
    "a target without a state",
    "name: A\ntargets: [{target: 'room:Hall'}]",
    "SceneInvalid",
    "2:11",
  ),
  yaml(
    "a floor that is none",
    "name: A\ntargets: [{target: 'floor:Attic', state: off}]",
    "DeviceUnknown",
    "2:12",
  ),
  // States.
  entity("a state that is no word", "ceiling: 1", "StateInvalid", "3:3"),
  entity("no state", "ceiling:", "StateInvalid", "3:3"),
  entity("an unknown state", "ceiling: bright", "StateInvalid", "3:3"),
  entity("a toggle", "ceiling: toggle", "StateInvalid", "3:3"),
  entity("a toggle in our words", "ceiling: {light: {toggle: true}}", "StateInvalid", "3:3"),
  entity("another kind's words", "ceiling: {lock: {locked: true}}", "StateInvalid", "3:3"),
  entity(
    "two kinds' words",
    "ceiling: {light: {on: true}, plug: {on: true}}",
    "StateInvalid",
    "3:3",
  ),
  entity("a brightness of 254 %", "ceiling: {light: {brightness: 254}}", "StateInvalid", "3:3"),
  entity("a brightness of 300", "ceiling: {state: on, brightness: 300}", "StateInvalid", "3:24"),
  entity("off, and bright", "ceiling: {light: {on: false, brightness: 40}}", "StateInvalid", "3:3"),
  entity("two colours", "ceiling: {light: {colorTempK: 2700, hue: 20}}", "StateInvalid", "3:3"),
  entity(
    "a colour of no name",
    "ceiling: {state: on, color_name: tomatoe}",
    "StateInvalid",
    "3:24",
  ),
  entity(
    "a colour of two parts",
    "ceiling: {state: on, rgb_color: [1, 2]}",
    "StateInvalid",
    "3:24",
  ),
  entity(
    "an effect that it has not",
    "ceiling: {state: on, effect: strobe}",
    "StateInvalid",
    "3:3",
  ),
  entity("an attribute with a slip", "ceiling: {state: on, brigthness: 9}", "StateInvalid", "3:24"),
  entity(
    "closed, and half open",
    "blind: {state: closed, current_position: 50}",
    "StateInvalid",
    "3:11",
  ),
  entity("a frost of -40", "heating: {state: heat, temperature: -40}", "StateInvalid", "3:3"),
  entity("a lock that is on", "front_door: on", "StateInvalid", "3:3"),
  entity("a saved absence", "ceiling: unavailable", "StateInvalid", "3:3"),
  entity("a window of ten minutes", "ceiling: {state: off, window: 10m}", "SceneInvalid", "3:25"),
  yaml("one device by two names", `${OK}\n  light.ceiling: on`, "StateInvalid", "4:3"),
  yaml(
    "a room and a floor that contradict",
    "name: A\ntargets:\n  - {target: 'room:Hall', kind: light, state: off}\n  - {target: Ground floor, kind: light, state: on}",
    "StateInvalid",
    "4:6",
  ),
  // Parameters.
  yaml("parameters as a list", `${OK}\nparameters: [level]`, "ParameterInvalid", "4:1"),
  yaml(
    "a parameter of no type",
    `${OK}\nparameters: {level: {default: 1}}`,
    "ParameterInvalid",
    "4:1",
  ),
  yaml(
    "a range the wrong way round",
    `${OK}\nparameters: {level: {type: number, min: 9, max: 1, default: 5}}`,
    "ParameterInvalid",
    "4:1",
  ),
  yaml(
    "a default out of range",
    `${OK}\nparameters: {level: {type: number, min: 1, max: 9, default: 10}}`,
    "ParameterInvalid",
    "4:1",
  ),
  yaml(
    "a choice that is no choice",
    `${OK}\nparameters: {look: {type: choice, among: [a, a], default: a}}`,
    "ParameterInvalid",
    "4:1",
  ),
  yaml(
    "a parameter nothing takes",
    `${OK}\nparameters: {level: {type: number, min: 1, max: 9, default: 5}}`,
    "ParameterInvalid",
    "4:14",
  ),
  entity(
    "a parameter that there is not",
    "ceiling: {light: {brightness: {parameter: level}}}",
    "ParameterInvalid",
    "3:21",
  ),
  yaml(
    "a parameter whose end is no state",
    "name: A\nparameters: {level: {type: number, min: 1, max: 120, default: 50}}\nentities: {ceiling: {light: {brightness: {parameter: level}}}}",
    "StateInvalid",
    "3:12",
  ),
  yaml(
    "a parameter in a scale that is not the home's",
    "name: A\nparameters: {level: {type: number, min: 1, max: 100, default: 50}}\nentities: {ceiling: {state: on, brightness: {parameter: level}}}",
    "ParameterInvalid",
    "3:33",
  ),
  // Conditions.
  yaml("a condition that is a text", `${OK}\nwhen: always`, "ConditionInvalid", "4:1"),
  yaml("a template", `${OK}\nwhen: "{{ states('x') }}"`, "ConditionInvalid", "4:1"),
  yaml("a time that is none", `${OK}\nwhen: {after: "25:00"}`, "ConditionInvalid", "4:8"),
  yaml("a time without its quotes", `${OK}\nwhen: {after: 22}`, "ConditionInvalid", "4:8"),
  yaml("a sun that is at noon", `${OK}\nwhen: {sun: noon}`, "ConditionInvalid", "4:8"),
  yaml(
    "a condition of an unknown device",
    `${OK}\nwhen: {device: door, is: {lock: {locked: true}}}`,
    "DeviceUnknown",
    "4:8",
  ),
  yaml(
    "a condition of several devices",
    `${OK}\nwhen: {device: all lights, is: {light: {on: true}}}`,
    "ConditionInvalid",
    "4:8",
  ),
  yaml(
    "a report that it does not give",
    `${OK}\nwhen: {device: window, is: {motion: {detected: true}}}`,
    "ConditionInvalid",
    "4:24",
  ),
  yaml(
    "a report of another type",
    `${OK}\nwhen: {device: window, is: {contact: {open: 1}}}`,
    "ConditionInvalid",
    "4:24",
  ),
  yaml(
    "conditions ten deep",
    `${OK}\nwhen: ${"{not: ".repeat(10)}{sun: up}${"}".repeat(10)}`,
    "ConditionInvalid",
    "4:38",
  ),
  yaml("no condition in a list", `${OK}\nwhen: []`, "ConditionInvalid", "4:1"),
];

export const BAD_JSON: readonly BadScene[] = [
  { what: "no JSON", text: "name: Film", code: "SceneTextInvalid", at: "1:1" },
  { what: "half of it", text: '{"name": "A",\n', code: "SceneTextInvalid", at: "2:1" },
  { what: "a comma too many", text: '{"name": "A",}', code: "SceneTextInvalid", at: "1:14" },
  {
    what: "a member twice",
    text: '{"name": "A",\n "name": "B"}',
    code: "SceneTextInvalid",
    at: "2:2",
  },
  { what: "more after the end", text: '{"name": "A"} {}', code: "SceneTextInvalid", at: "1:15" },
  { what: "a number that is none", text: '{"name": 1e}', code: "SceneTextInvalid", at: "1:10" },
  {
    what: "brackets 100,000 deep",
    text: "[".repeat(100_000),
    code: "SceneTextInvalid",
    at: "1:26",
  },
  {
    what: "30,000 values",
    text: `[${"1,".repeat(30_000)}1]`,
    code: "SceneTextInvalid",
    at: "1:40000",
  },
  {
    what: "the prototype",
    text: '{"name": "A", "__proto__": {"entities": {}}}',
    code: "SceneInvalid",
    at: "1:28",
  },
  {
    what: "an unknown device",
    text: '{\n "name": "A",\n "entities": {\n  "cieling": "off"}}',
    code: "DeviceUnknown",
    at: "4:14",
  },
];
