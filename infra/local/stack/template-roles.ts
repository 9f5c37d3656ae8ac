import { isObject } from "#local/wire/json.ts";
import { notUnderstood } from "../cloudformation/read-template.ts";
import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import type { RoleDescription } from "../iam/iam.ts";

/** The template's roles with all their policies: inline ones, and AWS::IAM::Policy resources that name them. */
export const templateRoles = (
  resources: readonly ResolvedResource[],
): readonly RoleDescription[] => {
  const attached = resources.filter((resource) => resource.type === "AWS::IAM::Policy");
  return resources
    .filter((resource) => resource.type === "AWS::IAM::Role")
    .map(({ logicalId, physical, properties }) => ({
      arn: physical.attributes.Arn ?? "",
      name: physical.ref,
      assumeRolePolicyDocument: properties.AssumeRolePolicyDocument,
      managedPolicyArns: texts(properties.ManagedPolicyArns, logicalId),
      policies: [
        ...(Array.isArray(properties.Policies) ? properties.Policies : []).map((policy: unknown) =>
          toPolicy(policy, logicalId),
        ),
        ...attached
          .filter((policy) =>
            texts(policy.properties.Roles, policy.logicalId).includes(physical.ref),
          )
          .map((policy) => toPolicy(policy.properties, policy.logicalId)),
      ],
    }));
};

const toPolicy = (value: unknown, where: string): RoleDescription["policies"][number] => {
  if (!isObject(value) || typeof value.PolicyName !== "string") {
    throw notUnderstood(`${where} has a policy without a name.`);
  }
  return { name: value.PolicyName, document: value.PolicyDocument };
};

const texts = (value: unknown, where: string): readonly string[] => {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw notUnderstood(`${where}: a list of texts was expected.`);
};
