import { MAX_TEXT_LENGTH } from "#domain/scene/definition/scene-source.ts";
import type { Tool } from "./tool.ts";

/** A call of save_scene. */
export interface SaveSceneCall {
  readonly tool: "save_scene";
  readonly from:
    | { readonly definition: string }
    | { readonly name: string; readonly devices: readonly string[] };
}

export const saveSceneTool: Tool<"save_scene", SaveSceneCall> = {
  name: "save_scene",
  scope: "write",
  description:
    'Saves a scene, new or its next version; runs nothing. Give a definition, or a name and devices, whose states of now are taken. Nothing is saved unless all is valid. Example: {"definition":"{\\"name\\":\\"Film night\\",\\"entities\\":{\\"Hall lamp\\":{\\"light\\":{\\"brightness\\":10}}}}"}',
  properties: {
    definition: {
      type: "string",
      description:
        "JSON text (not YAML) of a scene: name, entities (by device) or stages; if wanted targets, parameters, when.",
      longest: MAX_TEXT_LENGTH,
      isDocument: true,
    },
    name: { type: "string", description: "With devices: what the scene is called." },
    devices: {
      type: "array",
      items: { type: "string" },
      description: 'Devices, rooms or groups to save as they are now, e.g. ["Living room"].',
    },
  },
  required: [],
  annotations: {
    title: "Save a scene",
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  parse: (given) => {
    const definition = given.text("definition");
    const name = given.text("name");
    const devices = given.texts("devices");
    if (definition !== undefined && name === undefined && devices.length === 0) {
      return { tool: "save_scene", from: { definition } };
    }
    if (definition === undefined && name !== undefined && devices.length > 0) {
      return { tool: "save_scene", from: { name, devices } };
    }
    throw given.wrong('give either "definition", or "name" with "devices".');
  },
};
