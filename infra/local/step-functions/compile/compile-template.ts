import { isArray, isObject, type Json } from "#local/wire/json.ts";
import { expressionOf } from "../expressions/expression.ts";
import { parseExpression } from "../expressions/jsonata-expression.ts";
import type { Template } from "./template.ts";

/** The expression inside `{% … %}`, trimmed, or undefined for any other text: there must be nothing outside of the marks. */
export const expressionSource = (text: string): string | undefined =>
  text.length >= 4 && text.startsWith("{%") && text.endsWith("%}")
    ? text.slice(2, -2).trim()
    : undefined;

/** Prepares a field's value. `field` is its path in AWS's texts, e.g. `Output/result`. */
export const compileTemplate = (value: Json, field: string): Template => {
  if (typeof value === "string") {
    const source = expressionSource(value);
    if (source === undefined) return { kind: "constant", value };
    return { kind: "expression", expression: expressionOf(parseExpression(source)), field };
  }
  if (isArray(value)) {
    const items = value.map((item, index) => compileTemplate(item, `${field}[${index}]`));
    if (items.every((item) => item.kind === "constant")) return { kind: "constant", value };
    return { kind: "array", items };
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([name, member]) => [name, compileTemplate(member, `${field}/${name}`)] as const,
    );
    if (members.every(([, member]) => member.kind === "constant")) {
      return { kind: "constant", value };
    }
    return { kind: "object", members };
  }
  return { kind: "constant", value };
};
