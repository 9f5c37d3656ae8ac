import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import { type Cognito, startCognito } from "../cognito/cognito.ts";
import type { Addresses } from "./addresses.ts";
import type { Declared } from "./declared.ts";
import type { Ground } from "./ground.ts";

/** An app client of the user pool. */
export interface StackClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** Cognito with the template's one user pool. */
export interface UserPool {
  readonly url: string;
  readonly issuer: string;
  readonly clients: readonly StackClient[];
  users(): ReturnType<Cognito["seededUsers"]>;
  close(): Promise<void>;
}

/**
 * Starts Cognito with the template's user pool and what belongs to it.
 * @throws LocalError `PortInUse`, `DataDamaged`, `TemplateNotUnderstood` (not exactly one pool)
 */
export const startUserPool = async (
  ground: Ground,
  options: {
    readonly port: number;
    /** Made at first start, each with a password of its own. */
    readonly users: readonly { readonly username: string; readonly groups: readonly string[] }[];
  },
): Promise<UserPool> => {
  const { identity, declared, endpoint, addresses, file, log } = ground;
  const pool = declared.theOne("AWS::Cognito::UserPool", "user pool");
  const cognito = await startCognito({
    port: options.port,
    file: file("cognito.sqlite"),
    region: identity.region,
    accountId: identity.accountId,
    pools: [describePool(pool, declared, addresses)],
    access: () => endpoint.operator,
    seedUsers: options.users,
    log,
  });
  endpoint.register(cognito.service);
  addresses.add(`https://cognito-idp.${identity.region}.amazonaws.com`, cognito.url);
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
  for (const { physical } of declared.ofType("AWS::Cognito::UserPoolDomain")) {
    addresses.add(`https://${physical.ref}.auth.${identity.region}.amazoncognito.com`, cognito.url);
  }
  return {
    url: cognito.url,
    issuer: `${cognito.url}/${pool.physical.ref}`,
    clients: declared
      .ofType("AWS::Cognito::UserPoolClient")
      .map((client) => describeClient(client, cognito)),
    users: () => cognito.seededUsers(),
    close: () => cognito.close(),
  };
};

const describePool = (pool: ResolvedResource, declared: Declared, { here }: Addresses) => {
  const ofPool = (type: string): readonly ResolvedResource[] =>
    declared
      .ofType(type)
      .filter((resource) => resource.properties.UserPoolId === pool.physical.ref);
  const [domain] = ofPool("AWS::Cognito::UserPoolDomain");
  return {
    poolId: pool.physical.ref,
    properties: pool.properties,
    ...(domain === undefined ? {} : { domain: domain.properties }),
    resourceServers: ofPool("AWS::Cognito::UserPoolResourceServer").map((one) => one.properties),
    groups: ofPool("AWS::Cognito::UserPoolGroup").map((one) => one.properties),
    brandings: ofPool("AWS::Cognito::ManagedLoginBranding").map((one) => one.properties),
    clients: ofPool("AWS::Cognito::UserPoolClient").map(({ physical, properties }) => ({
      clientId: physical.ref,
      properties: {
        ...properties,
        ...urlsHere(properties, "CallbackURLs", here),
        ...urlsHere(properties, "LogoutURLs", here),
      },
    })),
  };
};

/** Where a client may lead back to: as it is written, and where a browser of this machine finds it. */
const urlsHere = (
  properties: Readonly<Record<string, unknown>>,
  name: "CallbackURLs" | "LogoutURLs",
  here: Addresses["here"],
): Readonly<Record<string, unknown>> => {
  const { [name]: given } = properties;
  if (!Array.isArray(given)) return {};
  const urls: readonly unknown[] = given;
  const found = urls.map((url) => (typeof url === "string" ? here(url) : url));
  return { [name]: [...new Set([...urls, ...found])] };
};

const describeClient = (client: ResolvedResource, cognito: Cognito): StackClient => {
  const secret = cognito.clientSecret(client.physical.ref);
  return {
    name: client.physical.attributes.Name ?? client.logicalId,
    clientId: client.physical.ref,
    ...(secret === undefined ? {} : { clientSecret: secret }),
  };
};
