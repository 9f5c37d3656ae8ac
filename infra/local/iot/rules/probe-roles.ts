// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html; that IoT assumes a rule's roles when the
// rule is made is reported (hashicorp/terraform-provider-aws#20467, #33433).
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { LocalError } from "#local/wire/local-error.ts";
import type { Rule, RuleAction } from "./rule.ts";

/**
 * Promises that IoT can take the role of each action, as CreateTopicRule does before there is a rule.
 * @throws LocalError `StartFailed`, naming rule and role
 */
export const probeRoles = (
  rules: readonly Rule[],
  ruleArn: (name: string) => string,
  access: (roleArn: string, ruleArn: string) => AwsAccess,
): void => {
  for (const { name, actions, errorAction } of rules) {
    const all: readonly RuleAction[] = [
      ...actions,
      ...(errorAction === undefined ? [] : [errorAction]),
    ];
    for (const action of all) {
      if (!("roleArn" in action)) continue;
      try {
        access(action.roleArn, ruleArn(name));
      } catch (cause) {
        throw new LocalError(
          "StartFailed",
          `The topic rule ${name} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        );
      }
    }
  }
};
