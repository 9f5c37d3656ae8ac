import { isObject } from "#domain/json.ts";
import { type Path, problemAt, type SceneSource } from "#domain/scene/definition/scene-source.ts";

/** A scene of Home Assistant as its file has it. */
export interface AssistantScene {
  readonly path: Path;
  readonly name?: string;
  readonly id?: string;
  readonly entities: Readonly<Record<string, unknown>>;
  /** The scene itself, where it says what Home Assistant has no word for: stages, parameters, conditions, rules. */
  readonly own?: SceneSource;
}

const ASSISTANT_MEMBERS = ["id", "name", "icon", "entities", "metadata"];

/**
 * The scenes of a scenes.yaml: a list, one alone, or a package's `scene:`.
 * @throws HomeError `SceneTextInvalid` for what is none of these
 */
export const assistantScenes = (source: SceneSource): readonly AssistantScene[] => {
  const { value } = source;
  const below = isObject(value) && value.scene !== undefined ? ["scene"] : [];
  const given = isObject(value) && below.length > 0 ? value.scene : value;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.map((one, index) => {
    const path = Array.isArray(given) ? [...below, index] : below;
    if (!isObject(one)) {
      throw problemAt(
        source,
        "SceneTextInvalid",
        path,
        "a scene must be an object with a name and entities.",
      );
    }
    const { name, id, entities } = one;
    return {
      path,
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof id === "string" || typeof id === "number" ? { id: String(id) } : {}),
      entities: isObject(entities) ? entities : {},
      ...(Object.keys(one).every((member) => ASSISTANT_MEMBERS.includes(member))
        ? {}
        : {
            own: { value: one, positionOf: (at: Path) => source.positionOf([...path, ...at]) },
          }),
    };
  });
};
