import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SmarthomeScenesProps } from "#aws/smarthome-scenes.ts";
import { synthesize } from "#aws/synthesize.ts";

/** A property of a resource with its intrinsic functions written out: `<AuditTable>`, `<AuditTable.Arn>`. */
export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [key: string]: Value };
export type Properties = Readonly<Record<string, Value>>;

export interface Resource {
  readonly type: string;
  readonly properties: Properties;
  readonly deletionPolicy: string | undefined;
}

export interface Template {
  /** By logical id without its hash. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly text: string;
}

/** The stack's template as a person reads it. The functions are not bundled and the schema is not checked. */
export const synthesizedTemplate = (props: SmarthomeScenesProps = {}): Template => {
  const directory = mkdtempSync(join(tmpdir(), "smarthome-synth-"));
  try {
    const path = synthesize(directory, props, { bundle: false, validate: false });
    return parseTemplate(readFileSync(path, "utf8"));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

/** All resources of one type, by logical id without its hash. */
export const resourcesOf = (template: Template, type: string): ReadonlyMap<string, Properties> =>
  new Map(
    [...template.resources]
      .filter(([, resource]) => resource.type === type)
      .map(([id, resource]) => [id, resource.properties]),
  );

/** The properties of a resource that the template holds. */
export const propertiesOf = (template: Template, id: string): Properties => {
  const resource = template.resources.get(id);
  if (resource === undefined) throw new Error(`${id}: not in ${[...template.resources.keys()]}`);
  return resource.properties;
};

/** The value under some keys; `undefined` where there is none. */
export const at = (value: Value | undefined, ...path: readonly string[]): Value | undefined => {
  const [key, ...rest] = path;
  return key === undefined ? value : at(objectOf(value)[key], ...rest);
};

/** A value as the object that it is; empty where there is none. */
export const objectOf = (value: Value | undefined): Properties => {
  if (value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error(`no object: ${value}`);
  return value as Properties;
};

/** A value as the list of objects that it is; empty where there is none. */
export const objectsOf = (value: Value | undefined): readonly Properties[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error("no list");
  return (value as readonly Value[]).map(objectOf);
};

interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface RawResource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DeletionPolicy?: string;
}

const parseTemplate = (text: string): Template => {
  const { Resources, Outputs } = JSON.parse(text) as RawTemplate;
  const resources = Object.entries(Resources).map(([id, resource]): [string, Resource] => [
    withoutHash(id),
    {
      type: resource.Type,
      properties: writtenOut(resource.Properties ?? {}) as Properties,
      deletionPolicy: resource.DeletionPolicy,
    },
  ]);
  const outputs = Object.entries(Outputs).map(([name, { Value }]) => [name, writtenOut(Value)]);
  return {
    resources: new Map(resources),
    outputs: Object.fromEntries(outputs) as Properties,
    text,
  };
};

const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, "");

const writtenOut = (value: unknown): Value => {
  if (Array.isArray(value)) return value.map(writtenOut);
  if (typeof value !== "object" || value === null) return value as Value;
  const entries: readonly [string, unknown][] = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [name, argument] = first;
    if (name === "Ref") return `<${withoutHash(String(argument))}>`;
    if (name === "Fn::GetAtt") {
      const [id = "", attribute = ""] = argument as readonly string[];
      return `<${withoutHash(id)}.${attribute}>`;
    }
    if (name === "Fn::Join") {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map(writtenOut).join(separator);
    }
    if (name === "Fn::Split") {
      const [separator, whole] = argument as readonly [string, unknown];
      return `<${writtenOut(whole)} split at ${separator}>`;
    }
    if (name === "Fn::Select") {
      const [index, parts] = argument as readonly [number, unknown];
      return `<part ${index} of ${writtenOut(parts)}>`;
    }
    if (name === "Fn::Sub") return String(argument).replaceAll(/\$\{([^!][^}]*)\}/g, "<$1>");
    if (name.startsWith("Fn::")) throw new Error(`${name} is not written out here`);
  }
  return Object.fromEntries(entries.map(([key, part]) => [key, writtenOut(part)]));
};
