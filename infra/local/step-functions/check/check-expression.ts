import { isArray, isObject, type Json } from "#local/wire/json.ts";
import { expressionSource } from "../compile/compile-template.ts";
import {
  ExpressionSyntaxError,
  type ParsedExpression,
  parseExpression,
} from "../expressions/jsonata-expression.ts";
import { memberOfStates, walk } from "../expressions/variables-in.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { topLevelReferences } from "./top-level-references.ts";

/** Which of the members of `$states` that are not always there a field may read. */
export interface Readable {
  readonly result: boolean;
  readonly errorOutput: boolean;
}

/** A field that belongs to a state before its work is done. */
export const BEFORE: Readable = { result: false, errorOutput: false };

/** Checks every expression in a value. */
export const checkExpressions = (
  value: Json,
  location: string,
  readable: Readable,
  diagnostics: Diagnostics,
): void => {
  if (typeof value === "string") {
    const source = expressionSource(value);
    if (source !== undefined) checkExpression(source, location, readable, diagnostics);
  } else if (isArray(value)) {
    for (const [index, item] of value.entries()) {
      checkExpressions(item, `${location}[${index}]`, readable, diagnostics);
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      checkExpressions(member, `${location}/${name}`, readable, diagnostics);
    }
  }
};

const checkExpression = (
  source: string,
  location: string,
  readable: Readable,
  diagnostics: Diagnostics,
): void => {
  let parsed: ParsedExpression;
  try {
    parsed = parseExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    diagnostics.add("INVALID_JSONATA_EXPRESSION", error.message, location);
    return;
  }
  for (const name of topLevelReferences(parsed.ast)) {
    diagnostics.add(
      "UNSUPPORTED_JSONATA_EXPRESSION",
      name === "$$"
        ? "Reference to '$$' is not supported."
        : `Reference to '${name}' at the top level is not supported.`,
      location,
    );
  }
  for (const member of unreadableMembers(parsed, readable)) {
    diagnostics.add(
      "UNSUPPORTED_JSONATA_EXPRESSION",
      member === "errorOutput"
        ? "Field '$states.errorOutput' does not exist."
        : `Reference to '$states.${member}' is not supported in this field.`,
      location,
    );
  }
};

const unreadableMembers = (parsed: ParsedExpression, readable: Readable): ReadonlySet<string> => {
  const members = new Set<string>();
  walk(parsed.ast, (node) => {
    const member = memberOfStates(node);
    if (member === "result" && !readable.result) members.add(member);
    if (member === "errorOutput" && !readable.errorOutput) members.add(member);
  });
  return members;
};
