import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObject } from "#local/wire/json.ts";
import { LocalError } from "#local/wire/local-error.ts";

/** One resource as it stands in the template, intrinsic functions and all. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A synthesized template and where its assets lie. */
export interface Template {
  readonly stackName: string;
  readonly resources: readonly TemplateResource[];
  readonly outputs: readonly { readonly key: string; readonly value: unknown }[];
  /** The unpacked folder of a file asset, by the asset's hash. */
  assetDirectory(hash: string): string;
}

/**
 * Reads one stack out of a cloud assembly (cdk.out).
 * @throws LocalError `TemplateNotUnderstood` when a file is missing or not what CDK writes
 */
export const readTemplate = (assembly: string, stackName: string): Template => {
  const template = readJson(join(assembly, `${stackName}.template.json`));
  const assets = readJson(join(assembly, `${stackName}.assets.json`));
  if (!isObject(template.Resources)) throw notUnderstood(`${stackName} has no Resources.`);
  const resources = Object.entries(template.Resources).map(([logicalId, resource]) => {
    if (!isObject(resource) || typeof resource.Type !== "string") {
      throw notUnderstood(`${logicalId} has no Type.`);
    }
    const properties = isObject(resource.Properties) ? resource.Properties : {};
    return { logicalId, type: resource.Type, properties };
  });
  const outputs = Object.entries(isObject(template.Outputs) ? template.Outputs : {}).map(
    ([key, output]) => ({ key, value: isObject(output) ? output.Value : undefined }),
  );
  return {
    stackName,
    resources,
    outputs,
    assetDirectory: (hash) => {
      const file = isObject(assets.files) ? assets.files[hash] : undefined;
      const source = isObject(file) && isObject(file.source) ? file.source : {};
      if (typeof source.path !== "string" || source.packaging !== "zip") {
        throw notUnderstood(`the asset ${hash} is not a folder of the assembly.`);
      }
      return resolve(assembly, source.path);
    },
  };
};

/** The error of a template that asks for what the local stack does not know; `what` ends with a full stop. */
export const notUnderstood = (what: string, cause?: unknown): LocalError =>
  new LocalError("TemplateNotUnderstood", `The template cannot run on one machine: ${what}`, {
    cause,
  });

const readJson = (file: string): Readonly<Record<string, unknown>> => {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
    if (isObject(value)) return value;
  } catch (cause) {
    throw notUnderstood(`${file} cannot be read; delete its folder, and it is made again.`, cause);
  }
  throw notUnderstood(`${file} is not a JSON object.`);
};
