import { LocalError } from "#local/wire/local-error.ts";
import { parseRule } from "./parse-rule.ts";
import type { Rule } from "./rule.ts";

/**
 * The rules that are enabled, in the order of the template.
 * @throws LocalError `TemplateNotUnderstood`, also for a Lambda action where `mayInvoke` is false: it needs credentials
 * of iot.amazonaws.com
 */
export const parseRules = (
  declared: readonly { readonly name: string; readonly properties: unknown }[],
  mayInvoke: boolean,
): readonly Rule[] => {
  const rules = declared.flatMap(({ name, properties }) => parseRule(name, properties) ?? []);
  for (const { name, actions, errorAction } of rules) {
    const invokes = [...actions, ...(errorAction === undefined ? [] : [errorAction])].some(
      ({ kind }) => kind === "Lambda",
    );
    if (invokes && !mayInvoke) {
      throw new LocalError(
        "TemplateNotUnderstood",
        `Topic rule ${name}: a Lambda action needs credentials of iot.amazonaws.com, and none were given.`,
      );
    }
  }
  return rules;
};
