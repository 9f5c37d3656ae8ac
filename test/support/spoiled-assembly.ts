import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SmarthomeScenesProps } from "#aws/smarthome-scenes.ts";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { assemblyWithout } from "./assembly-without.ts";

const TEMPLATE = "SmarthomeScenes.template.json";

/** What is wrong with an assembly. */
export interface Spoiling {
  readonly props?: SmarthomeScenesProps;
  /** Texts of the template, each with what stands in its place. */
  readonly texts?: readonly (readonly [text: string | RegExp, instead: string])[];
  /** A function by the beginning of its logical id, and the module that takes its place; `./real.mjs` is its own. */
  readonly handler?: { readonly id: string; readonly code: string };
}

/** The cloud assembly of the journeys with something wrong in it. It is removed when the test has finished. */
export const spoiledAssembly = ({ props = {}, texts = [], handler }: Spoiling): string => {
  const assembly = assemblyWithout(props);
  const file = join(assembly, TEMPLATE);
  let template = readFileSync(file, "utf8");
  for (const [text, instead] of texts) {
    const spoiled = template.replace(text, instead);
    if (spoiled === template) throw new Error(`The template has no ${String(text)} to spoil.`);
    template = spoiled;
  }
  writeFileSync(file, template);
  if (handler !== undefined) {
    const folder = join(assembly, `asset.${assetOf(template, handler.id)}`);
    renameSync(join(folder, "index.mjs"), join(folder, "real.mjs"));
    writeFileSync(join(folder, "index.mjs"), handler.code);
  }
  return assembly;
};

const assetOf = (template: string, id: string): string => {
  const resources = parseJsonObject(template)?.Resources;
  const [, found] =
    Object.entries(isObject(resources) ? resources : {}).find(
      ([logicalId, one]) =>
        logicalId.startsWith(id) && isObject(one) && one.Type === "AWS::Lambda::Function",
    ) ?? [];
  const properties = isObject(found) && isObject(found.Properties) ? found.Properties : {};
  const code = isObject(properties.Code) ? properties.Code : {};
  if (typeof code.S3Key !== "string") throw new Error(`No function begins with ${id}.`);
  return code.S3Key.replace(/\.zip$/, "");
};
