// https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
import { type Decider, deciderOf, type Statement } from "#local/policy/policy.ts";
import { literally } from "#local/policy/policy-pattern.ts";
import type { CertificateTable } from "../registry/certificate-table.ts";
import type { ThingTable } from "../registry/thing-table.ts";

/** What a connection may ask to do. */
export type DeviceAction =
  | "iot:Connect"
  | "iot:Publish"
  | "iot:RetainPublish"
  | "iot:Subscribe"
  | "iot:Receive";

/** Decides what a client that signed in with a certificate may do. */
export interface DevicePermissions {
  /** Whether the certificate is registered and active. */
  isActive(certificateId: string): boolean;
  /** Never, when it is not active. `resource` is the part of the ARN after the account, e.g. `topic/a/b`. */
  allows(
    client: { readonly certificateId: string; readonly clientId: string },
    action: DeviceAction,
    resource: string,
  ): boolean;
}

type Variables = Readonly<Record<string, string>>;

interface Resolved {
  readonly variables: Variables;
  readonly decide: Decider;
}

// A device asks at every message; its policies change next to never.
const MAX_REMEMBERED = 1000;
// Of each: it has half a dozen topics. Whoever makes up more than this only makes its policies be read again.
const MAX_VERDICTS = 100;

export const devicePermissions = (options: {
  readonly certificates: CertificateTable;
  readonly things: ThingTable;
  /** By name, the statements of each policy. */
  readonly policies: ReadonlyMap<string, readonly Statement[]>;
  readonly arn: (resource: string) => string;
}): DevicePermissions => {
  const { certificates, things, policies, arn } = options;
  const remembered = new Map<string, Resolved>();
  let at = "";

  const isActive = (certificateId: string): boolean =>
    certificates.get(certificateId)?.status === "ACTIVE";

  const resolve = (certificateId: string, clientId: string): Resolved => {
    const variables = variablesOf(certificateId, clientId);
    const attached = isActive(certificateId) ? certificates.policies.of(certificateId) : [];
    const statements = attached
      .flatMap((name) => policies.get(name) ?? [])
      .map((statement) => withVariables(statement, variables));
    return { variables, decide: deciderOf(statements, MAX_VERDICTS) };
  };

  /**
   * The thing is the one that the certificate is attached to exclusively, whatever the client id; otherwise the one
   * whose name is the client id, and only if the certificate is attached to it.
   * https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html
   */
  const thingOf = (certificateId: string, clientId: string): string | undefined =>
    certificates.things.exclusiveThingOf(certificateId) ??
    certificates.things.of(certificateId).find((name) => name === clientId);

  const variablesOf = (certificateId: string, clientId: string): Variables => {
    const name = thingOf(certificateId, clientId);
    const thing = name === undefined ? undefined : things.get(name);
    return {
      "iot:ClientId": clientId,
      "iot:Connection.Thing.IsAttached": String(thing !== undefined),
      ...(thing === undefined
        ? {}
        : {
            "iot:Connection.Thing.ThingName": thing.name,
            ...Object.fromEntries(
              Object.entries(thing.attributes).map(([name, value]) => [
                `iot:Connection.Thing.Attributes[${name}]`,
                value,
              ]),
            ),
          }),
    };
  };

  return {
    isActive,
    allows: ({ certificateId, clientId }, action, resource) => {
      const now = `${certificates.revision()}.${things.revision()}`;
      if (now !== at || remembered.size >= MAX_REMEMBERED) remembered.clear();
      at = now;
      const key = `${certificateId} ${clientId}`;
      const known = remembered.get(key) ?? resolve(certificateId, clientId);
      remembered.set(key, known);
      return known.decide(action, arn(resource), () => known.variables) === "allow";
    },
  };
};

const withVariables = (statement: Statement, variables: Variables): Statement => {
  // A variable without a value stays as it is: such a pattern is not understood, and so allows nothing.
  const put = (text: string): string =>
    text.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return value === undefined ? whole : literally(value);
    });
  const { resources } = statement;
  return {
    ...statement,
    ...(resources === undefined
      ? {}
      : { resources: { except: resources.except, patterns: resources.patterns.map(put) } }),
    conditions: statement.conditions.map((condition) => ({
      ...condition,
      values: condition.values.map(put),
    })),
  };
};
