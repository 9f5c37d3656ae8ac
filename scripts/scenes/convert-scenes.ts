import { type Device, isCommandable } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { idOfName } from "#domain/home/id-of-name.ts";
import type { Values } from "#domain/home/kinds/capability.ts";
import { normalizeName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import { HomeError } from "#domain/home-error.ts";
import { canonicalJson, isObject, type Json } from "#domain/json.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import type { Definition } from "#domain/scene/definition/definition.ts";
import {
  findDevices,
  KIND_OF_DOMAIN,
  partsOfEntity,
} from "#domain/scene/definition/find-devices.ts";
import { convertState } from "#domain/scene/definition/home-assistant-state.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import { assistantState, readWish } from "#domain/scene/definition/read-wish.ts";
import type { SceneSource } from "#domain/scene/definition/scene-source.ts";
import { asNextVersion } from "#domain/scene/settle/scene-changes.ts";
import type { AssistantScene } from "./assistant-scenes.ts";
import type { EntityMap } from "./entity-map.ts";
import { AssistantTag } from "./read-yaml-source.ts";

/** What became of an entity of a scene: all of its state, some, or none is taken over. */
export interface EntityReport {
  readonly entity: string;
  readonly line?: number;
  readonly became: "imported" | "partly" | "skipped";
  /** The devices that it is here. */
  readonly devices: readonly string[];
  /** What is not taken over, and why. */
  readonly because: readonly string[];
}

/** What became of a scene. */
export interface SceneReport {
  readonly name: string;
  readonly line?: number;
  readonly became: "imported" | "partly" | "skipped";
  readonly because?: string;
  readonly entities: readonly EntityReport[];
  /** Absent where it is skipped. */
  readonly scene?: Scene;
}

type States = ReadonlyMap<string, unknown>;
interface Converted {
  readonly report: Omit<EntityReport, "entity" | "line">;
  readonly states: States;
}

/** Turns scenes of Home Assistant into the home's, and tells of each entity what became of it. Saves and runs nothing. */
export const convertScenes = (
  scenes: readonly AssistantScene[],
  source: SceneSource,
  map: EntityMap,
  home: Home,
): readonly SceneReport[] => {
  const taken = new Map<string, string>();
  return scenes.map((scene) => {
    const report = convertScene(scene, source, map, home, taken);
    if (report.scene !== undefined) taken.set(report.scene.id, report.name);
    return report;
  });
};

const convertScene = (
  { name, id, entities, path, own }: AssistantScene,
  source: SceneSource,
  map: EntityMap,
  home: Home,
  taken: ReadonlyMap<string, string>,
): SceneReport => {
  const line = source.positionOf(path)?.line;
  const base = { name: name ?? id ?? "(no name)", ...(line === undefined ? {} : { line }) };
  if (own !== undefined) {
    const skippedWhole = (because: string): SceneReport => ({
      ...base,
      became: "skipped",
      because,
      entities: [],
    });
    try {
      const scene = savable(parseDefinition(own), home, taken);
      return "because" in scene
        ? skippedWhole(scene.because)
        : { ...base, became: "imported", entities: [], scene };
    } catch (error) {
      if (!(error instanceof HomeError)) throw error;
      return skippedWhole(error.message);
    }
  }
  const states = new Map<string, unknown>();
  const reports = Object.entries(entities).map(([entity, state]): EntityReport => {
    const { report, states: found } = convertEntity(entity, state, map, home);
    const at = source.positionOf([...path, "entities", entity])?.line;
    const clash = [...found].find(
      ([device, wanted]) => states.has(device) && !isSame(states.get(device), wanted),
    );
    const said = { entity, ...(at === undefined ? {} : { line: at }) };
    if (clash !== undefined) {
      const because = [`${clash[0]} has another state already, of another entity of this scene`];
      return { ...said, became: "skipped", devices: [], because };
    }
    for (const [device, wanted] of found) states.set(device, wanted);
    return { ...said, ...report };
  });
  const skipped = (because: string): SceneReport => ({
    ...base,
    became: "skipped",
    because,
    entities: reports,
  });
  if (name === undefined) return skipped("it has no name");
  if (states.size === 0) return skipped("nothing of it can be taken over");
  try {
    const made = idOfName(name);
    const definition = parseDefinition({
      value: {
        name: name.trim(),
        id: /^[a-z]/.test(made) ? made : `scene_${made || (id ?? "imported")}`,
        entities: Object.fromEntries(states),
      },
      positionOf: () => source.positionOf(path),
    });
    const scene = savable(definition, home, taken);
    if ("because" in scene) return skipped(scene.because);
    const isWhole = reports.every(({ became }) => became === "imported");
    return { ...base, became: isWhole ? "imported" : "partly", entities: reports, scene };
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return skipped(error.message);
  }
};

/** The scene that a definition means, as its next version; or why its name cannot be its own. */
const savable = (
  definition: Definition,
  home: Home,
  taken: ReadonlyMap<string, string>,
): Scene | { readonly because: string } => {
  const { id, name } = definition;
  if (taken.has(id)) return { because: `"${taken.get(id)}" has the same id` };
  const before = home.scenes.find((one) => one.id === id);
  const other = home.scenes.find(
    (one) =>
      one.id !== id &&
      [one.name, ...one.aliases].some((each) => normalizeName(each) === normalizeName(name)),
  );
  if (other !== undefined) return { because: `scene "${other.id}" is called like that already` };
  return asNextVersion(before, compileScene(definition, home, (before?.version ?? 0) + 1));
};

const isSame = (one: unknown, other: unknown): boolean =>
  canonicalJson(one as Json) === canonicalJson(other as Json);

const NOTHING: States = new Map();
const skip = (because: string): Converted => ({
  report: { became: "skipped", devices: [], because: [because] },
  states: NOTHING,
});

const convertEntity = (entity: string, state: unknown, map: EntityMap, home: Home): Converted => {
  const domain = partsOfEntity(entity)?.domain;
  if (domain === undefined) return skip("it is no entity's id");
  if (domain !== "group" && !Object.hasOwn(KIND_OF_DOMAIN, domain)) {
    return skip(`the home has no kind of device for ${domain}`);
  }
  if (state instanceof AssistantTag) return skip(`${state.tag} can only be read by Home Assistant`);
  const given = assistantState(state);
  if (given === undefined) return skip("it has no state");
  const hidden = Object.entries({ state: given.state, ...given.attributes }).find(
    ([, value]) => value instanceof AssistantTag,
  );
  if (hidden !== undefined) return skip(`${hidden[0]} can only be read by Home Assistant`);
  if (given.state === "unavailable" || given.state === "unknown") {
    return skip(`Home Assistant stored that it was ${given.state}`);
  }
  const mapped = map.get(entity);
  if (mapped === undefined) return skip("the map does not name it");
  if ("undecided" in mapped) {
    return skip(
      mapped.undecided === ""
        ? "the map does not say what it is here"
        : `the map only proposes ${mapped.undecided}: take the ? away if it is that`,
    );
  }
  if (mapped.to === null) return skip("the map leaves it out");
  try {
    const found = findDevices(mapped.to, home);
    const [only, ...more] = found;
    if (only === undefined) return skip(`${mapped.to} has no devices`);
    return more.length === 0 && domain !== "group"
      ? ofOne(only, given)
      : ofSeveral(mapped.to, state, home);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return skip(error.message);
  }
};

const ofOne = (
  device: Device,
  given: NonNullable<ReturnType<typeof assistantState>>,
): Converted => {
  if (!isCommandable(device)) return skip(`${device.id} is a sensor`);
  const conversion = convertState(device.kind, given);
  if ("refused" in conversion) return skip(conversion.refused);
  const { values, left } = conversion;
  const lost = left.map(({ attribute, because }) => `${attribute}: ${because}`);
  const own = withoutForeign(device, values);
  if (Object.keys(own.values).length === 0) return skip([...lost, ...own.lost].join("; "));
  const because = [...lost, ...own.lost];
  return {
    report: {
      became: because.length === 0 ? "imported" : "partly",
      devices: [device.id],
      because,
    },
    states: stateIn(
      device.id,
      { [device.kind]: own.values },
      { devices: [device], groups: [], floors: [] },
    ),
  };
};

// An effect or an input that the home's device has not is left out, and the rest of the state is not.
const withoutForeign = (
  device: Device,
  values: Values,
): { readonly values: Values; readonly lost: readonly string[] } => {
  const has = { effect: device.effects ?? [], source: device.sources ?? [] };
  const foreign = (["effect", "source"] as const).filter((field) => {
    const value = values[field];
    return typeof value === "string" && !has[field].includes(value);
  });
  return {
    values: Object.fromEntries(
      Object.entries(values).filter(([field]) => !foreign.some((one) => one === field)),
    ),
    lost: foreign.map(
      (field) => `${field}: ${device.id} has no ${field} "${String(values[field])}"`,
    ),
  };
};

const ofSeveral = (name: string, state: unknown, home: Home): Converted => {
  const states = stateIn(name, isObject(state) ? state.state : state, home);
  const lost = isObject(state) ? Object.keys(state).filter((key) => key !== "state") : [];
  const because = lost.map((attribute) => `${attribute}: a group is on or off here`);
  return {
    report: {
      became: because.length === 0 ? "imported" : "partly",
      devices: [...states.keys()],
      because,
    },
    states,
  };
};

const stateIn = (
  name: string,
  state: unknown,
  home: Pick<Home, "devices" | "groups" | "floors">,
): States => {
  const wish = { name, path: [], state, statePath: [], isOfOne: isObject(state) };
  const source = { value: undefined, positionOf: () => undefined };
  const wanted = readWish(wish, { source, home, parameters: {} });
  return new Map(wanted.map(({ device, want }) => [device.id, want]));
};
