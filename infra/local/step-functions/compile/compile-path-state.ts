import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { type Path, parsePath } from "./path.ts";
import type { PathFields } from "./path-fields.ts";
import type { Template } from "./template.ts";

const pathOf = (value: Json | undefined): Path | null | undefined =>
  typeof value === "string" ? parsePath(value) : value === null ? null : undefined;

/** Prepares the fields by which a state of JSONPath moves its data. */
export const compilePathFields = (state: JsonObject): PathFields => {
  const inputPath = pathOf(state.InputPath);
  const resultPath = pathOf(state.ResultPath);
  const outputPath = pathOf(state.OutputPath);
  return {
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(resultPath === undefined ? {} : { resultPath }),
    ...(outputPath === undefined ? {} : { outputPath }),
    ...(state.ResultSelector === undefined
      ? {}
      : { resultSelector: compilePathTemplate(state.ResultSelector) }),
  };
};

/** Prepares a payload template: members whose name ends with `.$` are paths. */
export const compilePathTemplate = (value: Json): Template => {
  if (isArray(value)) return { kind: "array", items: value.map(compilePathTemplate) };
  if (!isObject(value)) return { kind: "constant", value };
  return {
    kind: "object",
    members: Object.entries(value).map(([name, member]) =>
      name.endsWith(".$")
        ? ([name.slice(0, -2), compilePath(member, name)] as const)
        : ([name, compilePathTemplate(member)] as const),
    ),
  };
};

/** Prepares a field whose value is a path. */
export const compilePath = (value: Json, field: string): Template => {
  const path = typeof value === "string" ? parsePath(value) : undefined;
  return path === undefined ? { kind: "constant", value } : { kind: "path", path, field };
};
