import { aws_iam as iam, Stack, Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type Grant, type GrantName, statementId } from "./grants.ts";

export interface ServiceRoleProps {
  /** The service principal that may take the role. */
  readonly service: string;
  /** Narrows the trust to the resources that the service acts for, where the service tells. */
  readonly conditions?: Record<string, Record<string, string | readonly string[]>>;
  readonly grants: readonly Grant[];
  /** Grants that are not given, so that a test can see what is missed. */
  readonly leaveOutGrants: readonly GrantName[];
}

/**
 * A role that may do exactly what its grants say. What CDK would add by itself is ignored, so that the list of grants
 * is the whole truth; and the grants stand inside the role, so that a resource never exists before its permissions.
 */
export const serviceRole = (scope: Construct, id: string, props: ServiceRoleProps): iam.IRole => {
  const given = props.grants.filter((grant) => !props.leaveOutGrants.includes(grant.name));
  const statements = given.map(
    (grant) =>
      new iam.PolicyStatement({
        sid: statementId(grant.name),
        actions: [...grant.actions],
        resources: [...grant.resources],
        ...(grant.conditions === undefined ? {} : { conditions: grant.conditions }),
      }),
  );
  const principal = new iam.ServicePrincipal(props.service, {
    ...(props.conditions === undefined ? {} : { conditions: props.conditions }),
  });
  const role = new iam.Role(scope, id, {
    assumedBy: principal,
    ...(statements.length === 0
      ? {}
      : { inlinePolicies: { Grants: new iam.PolicyDocument({ statements }) } }),
  });
  for (const { resources, wildcardReason: reason } of given) {
    if (reason === undefined) continue;
    const ids = resources.map((resource) => wildcardFinding(Stack.of(scope).resolve(resource)));
    Validations.of(role).acknowledge(...ids.map((id) => ({ id, reason })));
  }
  return role.withoutPolicyUpdates();
};

/** What cdk-nag calls the finding that a resource of a statement holds a wildcard. */
const wildcardFinding = (resource: unknown): string =>
  `AwsSolutions::AwsSolutions-IAM5[Resource::${readable(resource)}]`;

const readable = (resource: unknown): string => {
  if (typeof resource === "string") return resource;
  const { "Fn::Join": join, Ref: ref } = parseIntrinsic(resource);
  return join === undefined ? `<${ref}>` : join[1].map(readable).join(join[0]);
};

interface Intrinsic {
  readonly Ref?: string;
  readonly "Fn::Join"?: readonly [string, readonly unknown[]];
}

// CDK builds these itself: an ARN by formatArn is a join of texts and references, nothing else.
const parseIntrinsic = (resource: unknown): Intrinsic => resource as Intrinsic;
