import { MAX_WINDOW_SECONDS } from "#domain/home/device.ts";
import { idOfName } from "#domain/home/id-of-name.ts";
import { isName } from "#domain/home/is-name.ts";
import { MAX_DEVICES_IN_SCENE, MAX_STAGES, MAX_TRANSITION_SECONDS } from "#domain/home/scene.ts";
import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";
import { parseParameters } from "#domain/scene/parameter.ts";
import { parseSceneRules, type SceneRules } from "#domain/scene/scene-rules.ts";
import type { Definition, Named, StageDefinition, Wish } from "./definition.ts";
import { type Path, problemAt, type SceneSource } from "./scene-source.ts";

type Members = Readonly<Record<string, unknown>>;

const ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const MAX_ALIASES = 20;
/** What Home Assistant writes beside a scene and is none. */
const PASSED_OVER = ["icon", "metadata"];
const STAGE_MEMBERS = ["entities", "targets", "required", "transition", "when"];
const SCENE_MEMBERS = [
  ...["id", "name", "aliases", "parameters", "stages", "schedules", "approval"],
  ...["retry", "on_partial", "on_conflict", "expires", "hold"],
  ...STAGE_MEMBERS,
  ...PASSED_OVER,
];
const WISH_MEMBERS = ["when", "required", "window", "transition"];

/**
 * Reads what a definition says, as far as that can be told without the home. A plain scene of Home Assistant is one.
 * @throws HomeError `SceneInvalid` or `ParameterInvalid`, with the place
 */
export const parseDefinition = (source: SceneSource): Definition => new Parser(source).definition();

class Parser {
  readonly #source: SceneSource;
  #wishes = 0;

  constructor(source: SceneSource) {
    this.#source = source;
  }

  definition(): Definition {
    const scene = this.#members([], this.#source.value, SCENE_MEMBERS, "A scene");
    const { name, schedules } = scene;
    if (!isName(name)) {
      throw this.#wrong(placeOf(scene, "name"), "name must be a text of 1 to 64 characters.");
    }
    if (schedules !== undefined && typeof schedules !== "boolean") {
      throw this.#wrong(["schedules"], "schedules must be true or false.");
    }
    return {
      source: this.#source,
      id: this.#id(scene, name),
      name,
      aliases: this.#aliases(scene.aliases),
      parameters:
        scene.parameters === undefined
          ? {}
          : parseParameters(scene.parameters, (what) =>
              problemAt(this.#source, "ParameterInvalid", ["parameters"], what),
            ),
      ...(scene.when === undefined ? {} : { when: { value: scene.when, path: ["when"] } }),
      stages: this.#stages(scene),
      rules: this.#rules(scene),
      approval: this.#names(["approval"], scene.approval),
      ...(schedules === false ? { schedules } : {}),
    };
  }

  #id(scene: Members, name: string): string {
    const { id } = scene;
    // Home Assistant's editor gives each scene the moment of its making.
    const isOwn = id !== undefined && !/^\d+$/.test(String(id));
    const made = isOwn ? id : idOfName(name);
    if (typeof made === "string" && ID.test(made) && made.length <= 64) return made;
    throw this.#wrong(
      placeOf(scene, isOwn ? "id" : "name"),
      `${isOwn ? "id must be" : "an id cannot be made of this name; say one,"} lower-case words joined by _, e.g. movie_night.`,
    );
  }

  #aliases(value: unknown): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > MAX_ALIASES) {
      throw this.#wrong(["aliases"], `aliases must be a list of up to ${MAX_ALIASES} texts.`);
    }
    return value.map((alias: unknown, index) => {
      if (isName(alias)) return alias;
      throw this.#wrong(["aliases", index], "an alias must be a text of 1 to 64 characters.");
    });
  }

  #stages(scene: Members): readonly StageDefinition[] {
    if (scene.stages === undefined) {
      const { when: _, ...rest } = scene;
      return [this.#stage([], "all at once", rest)];
    }
    for (const member of STAGE_MEMBERS) {
      if (member === "when" || scene[member] === undefined) continue;
      throw this.#wrong([member], `a scene with stages says its ${member} in them.`);
    }
    const { stages } = scene;
    if (!Array.isArray(stages) || stages.length === 0 || stages.length > MAX_STAGES) {
      throw this.#wrong(["stages"], `stages must be a list of 1 to ${MAX_STAGES} stages.`);
    }
    return stages.map((value: unknown, index) => {
      const path = ["stages", index];
      const stage = this.#members(path, value, ["name", ...STAGE_MEMBERS], "A stage");
      const { name = `stage ${index + 1}` } = stage;
      if (isName(name)) return this.#stage(path, name, stage);
      throw this.#wrong([...path, "name"], "a stage's name must be a text of 1 to 64 characters.");
    });
  }

  #stage(path: Path, name: string, stage: Members): StageDefinition {
    const { entities, targets, when } = stage;
    const wishes = [...this.#entities(path, entities), ...this.#targets(path, targets)];
    if (wishes.length === 0) {
      throw this.#wrong(path, `${path.length === 0 ? "a scene" : "a stage"} must have entities.`);
    }
    return {
      path,
      name,
      wishes,
      required: this.#names([...path, "required"], stage.required),
      transitionSeconds:
        this.#seconds([...path, "transition"], stage.transition, 0, MAX_TRANSITION_SECONDS) ?? 0,
      ...(when === undefined ? {} : { when: { value: when, path: [...path, "when"] } }),
    };
  }

  #entities(path: Path, value: unknown): readonly Wish[] {
    if (value === undefined) return [];
    const at = [...path, "entities"];
    if (!isObject(value)) {
      throw this.#wrong(at, "entities must be an object, each state under its device.");
    }
    return Object.entries(value).map(([name, state]) =>
      this.#wish([...at, name], name, state, { isOfOne: true }),
    );
  }

  #targets(path: Path, value: unknown): readonly Wish[] {
    if (value === undefined) return [];
    const at = [...path, "targets"];
    if (!Array.isArray(value)) throw this.#wrong(at, "targets must be a list.");
    return value.map((one: unknown, index) => {
      const here = [...at, index];
      const target = this.#members(
        here,
        one,
        ["target", "kind", "state", ...WISH_MEMBERS],
        "A target",
      );
      const { target: name, kind, state, ...rest } = target;
      if (kind !== undefined && typeof kind !== "string") {
        throw this.#wrong([...here, "kind"], "kind must be a kind of device, e.g. light.");
      }
      if (state === undefined) throw this.#wrong(here, "a target must say its state.");
      const wish = this.#wish([...here, "state"], name, state, {
        isOfOne: false,
        ...(kind === undefined ? {} : { kind }),
        path: [...here, "target"],
      });
      return { ...wish, ...this.#options(here, rest) };
    });
  }

  #wish(
    statePath: Path,
    name: unknown,
    state: unknown,
    about: { readonly isOfOne: boolean; readonly kind?: string; readonly path?: Path },
  ): Wish {
    this.#wishes += 1;
    const path = about.path ?? statePath;
    if (this.#wishes > MAX_DEVICES_IN_SCENE) {
      throw this.#wrong(path, `there are more than ${MAX_DEVICES_IN_SCENE} entities.`);
    }
    const options = isObject(state)
      ? Object.fromEntries(Object.entries(state).filter(([key]) => WISH_MEMBERS.includes(key)))
      : {};
    const rest = isObject(state)
      ? Object.fromEntries(Object.entries(state).filter(([key]) => !WISH_MEMBERS.includes(key)))
      : state;
    return {
      ...about,
      name: this.#name(path, name),
      path,
      state: rest,
      statePath,
      ...this.#options(statePath, options),
    };
  }

  #options(
    path: Path,
    options: Members,
  ): Pick<Wish, "when" | "required" | "windowSeconds" | "transitionSeconds"> {
    const { when, required } = options;
    if (required !== undefined && typeof required !== "boolean") {
      throw this.#wrong([...path, "required"], "required must be true or false.");
    }
    const windowSeconds = this.#seconds(
      [...path, "window"],
      options.window,
      Number.MIN_VALUE,
      MAX_WINDOW_SECONDS,
    );
    const transitionSeconds = this.#seconds(
      [...path, "transition"],
      options.transition,
      0,
      MAX_TRANSITION_SECONDS,
    );
    return {
      ...(when === undefined ? {} : { when: { value: when, path: [...path, "when"] } }),
      ...(required === undefined ? {} : { required }),
      ...(windowSeconds === undefined ? {} : { windowSeconds }),
      ...(transitionSeconds === undefined ? {} : { transitionSeconds }),
    };
  }

  #names(path: Path, value: unknown): true | readonly Named[] {
    if (value === undefined || value === false) return [];
    if (value === true) return true;
    if (!Array.isArray(value) || value.length > MAX_DEVICES_IN_SCENE) {
      throw this.#wrong(path, `${path.at(-1)} must be true, or a list of devices of the scene.`);
    }
    return value.map((name: unknown, index) => {
      const at = [...path, index];
      return { name: this.#name(at, name), path: at };
    });
  }

  #name(path: Path, name: unknown): string {
    if (typeof name === "string" && name.trim() !== "" && name.length <= 128 && isPrintable(name)) {
      return name;
    }
    throw this.#wrong(path, `${shown(name)} is no name: 1 to 128 characters that can be seen.`);
  }

  #rules(scene: Members): SceneRules {
    const expiresSeconds = this.#seconds(["expires"], scene.expires, 0, MAX_WINDOW_SECONDS);
    const holdSeconds = this.#seconds(["hold"], scene.hold, 0, MAX_WINDOW_SECONDS);
    const given = {
      onConflict: scene.on_conflict,
      onPartial: scene.on_partial,
      retry: scene.retry,
      expiresSeconds,
      holdSeconds,
    };
    const members = ["on_conflict", "on_partial", "retry", "expires", "hold"];
    const names = Object.keys(given);
    return parseSceneRules(given, (what) => {
      const index = names.findIndex((name) => what.includes(`: ${name} `));
      const member = members[index] ?? "";
      return this.#wrong(
        member === "" ? [] : [member],
        what.replace("rules: ", "").replace(names[index] ?? "", member),
      );
    });
  }

  #seconds(path: Path, value: unknown, min: number, max: number): number | undefined {
    if (value === undefined) return undefined;
    const seconds = secondsOf(value);
    if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
    throw this.#wrong(
      path,
      `${path.at(-1)} must be ${min === 0 ? "0" : "above 0"} to ${max} seconds, such as 20 or "20s" or "2m"; got ${shown(value)}.`,
    );
  }

  #members(path: Path, value: unknown, known: readonly string[], what: string): Members {
    if (!isObject(value)) throw this.#wrong(path, `${what} must be an object.`);
    const stranger = Object.keys(value).find((member) => !known.includes(member));
    if (stranger === undefined) return value;
    throw this.#wrong(
      [...path, stranger],
      `${what} has no member ${shown(stranger)}; it has ${known.join(", ")}.`,
    );
  }

  #wrong(path: Path, what: string): HomeError {
    return problemAt(this.#source, "SceneInvalid", path, what);
  }
}

const placeOf = (members: Members, member: string): Path =>
  Object.hasOwn(members, member) ? [member] : [];

const secondsOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(s|m|min)?$/.exec(value) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * (unit === "m" || unit === "min" ? 60 : 1);
};
