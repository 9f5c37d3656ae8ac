// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

import {
  type Decider,
  decidePolicy,
  deciderOf,
  parsePolicy,
  type Statement,
} from "#local/policy/policy.ts";
import { matchesWildcard } from "#local/policy/policy-pattern.ts";
import { AwsError, type Caller, type RequiredPermission } from "#local/wire/aws-service.ts";
import { LocalError } from "#local/wire/local-error.ts";
import type { Credentials } from "#local/wire/signature.ts";
import { managedPolicy } from "./managed-policy.ts";
import { roleCredentials } from "./role-credentials.ts";

/** A role as the template describes it, references resolved. */
export interface RoleDescription {
  readonly arn: string;
  readonly name: string;
  readonly assumeRolePolicyDocument: unknown;
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
  readonly managedPolicyArns: readonly string[];
}

export interface IamOptions {
  readonly accountId: string;
  /** Kept by the caller; the credentials of roles are derived from it. */
  readonly masterSecret: string;
  /** A user who may do everything. */
  readonly operator: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly roles: readonly RoleDescription[];
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: string };

/** Who is who, and who may do what, as the template's roles say. */
export interface Iam {
  /**
   * What a service gets from STS AssumeRole. `sourceArn` is the resource on whose behalf it asks.
   * @throws AwsError `AccessDenied` when the role is unknown or does not trust the service.
   */
  credentialsFor(roleArn: string, servicePrincipal: string, sourceArn?: string): Credentials;
  find(
    accessKeyId: string,
  ): { readonly caller: Caller; readonly credentials: Credentials } | undefined;
  decide(caller: Caller, permission: RequiredPermission): Decision;
}

/** Does a role let a service take it, on behalf of this resource? */
type Trust = (servicePrincipal: string, sourceArn: string | undefined) => boolean;

interface Role {
  readonly description: RoleDescription;
  readonly trusts: Trust;
  readonly decide: Decider;
  readonly caller: Caller;
  readonly credentials: Credentials;
}

const SESSION_NAME = "local";

/**
 * Reads every role's policies at once.
 * @throws LocalError `TemplateNotUnderstood` naming the role whose policy is not understood in form.
 */
export const createIam = (options: IamOptions): Iam => {
  const { accountId } = options;
  const roles = new Map(options.roles.map((role) => [role.arn, readRole(role, options)] as const));
  const operator = {
    caller: { arn: `arn:aws:iam::${accountId}:user/operator` },
    credentials: options.operator,
  };
  const byAccessKey = new Map<string, { caller: Caller; credentials: Credentials }>(
    [operator, ...roles.values()].map(({ caller, credentials }) => [
      credentials.accessKeyId,
      { caller, credentials },
    ]),
  );

  return {
    credentialsFor: (roleArn, servicePrincipal, sourceArn) => {
      const role = roles.get(roleArn);
      if (role?.trusts(servicePrincipal, sourceArn) !== true) {
        throw new AwsError(
          "AccessDenied",
          `User: ${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          { status: 403 },
        );
      }
      return role.credentials;
    },
    find: (accessKeyId) => byAccessKey.get(accessKeyId),
    decide: (caller, permission) => {
      if (caller.arn === operator.caller.arn) return { allowed: true };
      const role = caller.roleArn === undefined ? undefined : roles.get(caller.roleArn);
      const { action, resource } = permission;
      const verdict =
        role === undefined
          ? "implicit-deny"
          : role.decide(action, resource, () => requestContext(role, permission, accountId));
      if (verdict === "allow") return { allowed: true };
      const who = `User: ${caller.arn} is not authorized to perform: ${action}${resource === "*" ? "" : ` on resource: ${resource}`}`;
      const why =
        verdict === "explicit-deny"
          ? "with an explicit deny in an identity-based policy"
          : `because no identity-based policy allows the ${action} action`;
      return { allowed: false, because: `${who} ${why}` };
    },
  };
};

const readRole = (role: RoleDescription, options: IamOptions): Role => {
  const { arn, name } = role;
  const session = `arn:aws:sts::${options.accountId}:assumed-role/${name}/${SESSION_NAME}`;
  if (!arn.startsWith("arn:")) {
    throw new LocalError("TemplateNotUnderstood", `Role ${name} has no ARN but "${arn}".`);
  }
  const trust = parsePolicy(role.assumeRolePolicyDocument, "trust", `Trust policy of role ${name}`);
  return {
    description: role,
    trusts: rememberedTrust((service, sourceArn) =>
      isTrusted(trust, arn, service, sourceArn, options.accountId),
    ),
    decide: deciderOf([
      ...role.managedPolicyArns.flatMap((managed) =>
        parsePolicy(managedPolicy(managed, name), "identity", managed),
      ),
      ...role.policies.flatMap((policy) =>
        parsePolicy(policy.document, "identity", `Policy ${policy.name} of role ${name}`),
      ),
    ]),
    caller: { arn: session, roleArn: arn },
    credentials: roleCredentials(arn, options.masterSecret),
  };
};

// A role is taken on behalf of a few rules and state machines.
const MAX_REMEMBERED = 1000;

/** A rule takes its role for each message, and nothing that the answer hangs on changes while the house is up. */
const rememberedTrust = (trusts: Trust): Trust => {
  const remembered = new Map<string, boolean>();
  return (servicePrincipal, sourceArn) => {
    const id = `${servicePrincipal} ${sourceArn ?? ""}`;
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const trusted = trusts(servicePrincipal, sourceArn);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(id, trusted);
    return trusted;
  };
};

const isTrusted = (
  trust: readonly Statement[],
  roleArn: string,
  servicePrincipal: string,
  sourceArn: string | undefined,
  accountId: string,
): boolean => {
  const statements = trust
    .filter(({ services }) =>
      services.some((service) => matchesWildcard(service, servicePrincipal)),
    )
    .map((statement) => ({
      ...statement,
      // Confused-deputy conditions name the resource that asks. Where that is not known the account is still held:
      // every resource of this stack is in the one account.
      conditions: statement.conditions.filter(
        ({ operator, key, values }) =>
          key.toLowerCase() !== "aws:sourcearn" ||
          sourceArn !== undefined ||
          !/^(Arn|String)(Like|Equals)$/i.test(operator) ||
          !values.some((arn) => matchesWildcard(arn.split(":")[4] ?? "", accountId)),
      ),
    }));
  const context = {
    "aws:SourceAccount": accountId,
    "aws:PrincipalService": servicePrincipal,
    ...(sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn }),
  };
  const question = { action: "sts:AssumeRole", resource: roleArn, context };
  return decidePolicy(statements, question) === "allow";
};

const regionOf = (arn: string): string | undefined => arn.split(":")[3] || undefined;

const requestContext = (
  role: Pick<Role, "description">,
  permission: RequiredPermission,
  accountId: string,
) => {
  const region = regionOf(permission.resource);
  return {
    "aws:PrincipalArn": role.description.arn,
    "aws:PrincipalAccount": accountId,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "aws:ResourceAccount": accountId,
    // Deployed, every call is made over TLS; a policy that asks for it must not fail on the loopback interface.
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    "aws:CurrentTime": new Date().toISOString(),
    "aws:EpochTime": String(Math.floor(Date.now() / 1000)),
    ...(region === undefined ? {} : { "aws:RequestedRegion": region }),
    ...permission.context,
  };
};
