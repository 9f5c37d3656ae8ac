import type { CfnResource } from "aws-cdk-lib";
import type { Construct, IDependable } from "constructs";

/** Roles that a service tries at the moment in which a resource takes them. */
export interface TriedRoles {
  readonly roles: readonly IDependable[];
  readonly takenBy: readonly CfnResource[];
}

/**
 * Lets time pass between roles and what takes them: IoT and the scheduler try a role when a rule or a schedule is made, and
 * hear of a new one only seconds later (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
 * No resource of CloudFormation only waits, so what takes its time comes between: `meanwhile`, one after the other.
 */
export const letTimePass = (
  tried: readonly TriedRoles[],
  meanwhile: readonly [Construct, ...Construct[]],
): void => {
  for (const { roles } of tried) meanwhile[0].node.addDependency(...roles);
  for (const [index, next] of meanwhile.entries()) {
    const before = meanwhile[index - 1];
    if (before !== undefined) next.node.addDependency(before);
  }
  const last = meanwhile[meanwhile.length - 1] ?? meanwhile[0];
  for (const { takenBy } of tried) {
    for (const resource of takenBy) resource.node.addDependency(last);
  }
};
