import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { isObject } from "#local/wire/json.ts";
import { STEP_FUNCTIONS } from "#local/wire/json-api.ts";
import { notUnderstood } from "../cloudformation/read-template.ts";
import type { ResolvedResource } from "../cloudformation/resolve-template.ts";

/**
 * Creates the template's state machines through the Step Functions API, which refuses what AWS refuses at creation.
 * @throws LocalError `TemplateNotUnderstood` with the refusal
 */
export const createStateMachines = async (
  access: AwsAccess,
  machines: readonly ResolvedResource[],
): Promise<void> => {
  for (const machine of machines) {
    const { properties, physical, logicalId } = machine;
    const answer = await callJson(access, STEP_FUNCTIONS, "CreateStateMachine", {
      name: physical.attributes.Name,
      definition: definitionOf(machine),
      roleArn: properties.RoleArn,
      type: properties.StateMachineType ?? "STANDARD",
      ...(isObject(properties.LoggingConfiguration)
        ? { loggingConfiguration: lowerCamelCase(properties.LoggingConfiguration) }
        : {}),
      ...(isObject(properties.TracingConfiguration)
        ? { tracingConfiguration: lowerCamelCase(properties.TracingConfiguration) }
        : {}),
    });
    if (answer.status !== 200) {
      throw notUnderstood(
        `${logicalId}: Step Functions CreateStateMachine answered ${answer.body.toString("utf8")}.`,
      );
    }
  }
};

// CloudFormation replaces ${Name} by the value under DefinitionSubstitutions before it creates the machine.
const definitionOf = (machine: ResolvedResource): string => {
  const { DefinitionString: definition, DefinitionSubstitutions: substitutions } =
    machine.properties;
  if (typeof definition !== "string") {
    throw notUnderstood(`${machine.logicalId} has no DefinitionString.`);
  }
  const values = isObject(substitutions) ? substitutions : {};
  return definition.replace(/\$\{([A-Za-z0-9]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value !== "string") {
      throw notUnderstood(`${machine.logicalId} uses \${${name}}, which nothing gives a value.`);
    }
    return value;
  });
};

/** CloudFormation writes `IncludeExecutionData` where the API reads `includeExecutionData`. */
const lowerCamelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lowerCamelCase);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      lowerCamelCase(member),
    ]),
  );
};
