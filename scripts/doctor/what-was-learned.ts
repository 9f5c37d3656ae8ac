/** What a 401 says about signing in. */
export interface Challenge {
  readonly resourceMetadata?: string;
  readonly scopes?: readonly string[];
  readonly error?: string;
  readonly description?: string;
}

/** Protected-resource metadata (RFC 9728). */
export interface ResourceMetadata {
  readonly url: string;
  readonly resource?: string;
  readonly authorizationServers: readonly string[];
  /** Absent and empty differ: with an empty list clients ask for no scope. */
  readonly scopes?: readonly string[];
}

/** Authorization-server metadata (RFC 8414). */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The document is the issuer's own; a secret is sent nowhere else. */
  readonly isTrusted: boolean;
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly scopes?: readonly string[];
  readonly pkceMethods?: readonly string[];
  readonly tokenAuthMethods?: readonly string[];
  /** Clients may register themselves, or name themselves by an address. */
  readonly registersClients: boolean;
  readonly isCognito: boolean;
  /** Its clock less ours. */
  readonly clockAheadMs?: number;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const listOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : undefined;

/** Leaves out what is absent. */
const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** A JSON object, or nothing. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // A page in place of a document: the caller says so.
    return undefined;
  }
};

const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** The Bearer challenge of a WWW-Authenticate header (RFC 6750 §3), or nothing. */
export const parseChallenge = (header: string | undefined): Challenge | undefined => {
  const [, rest] = /(?:^|,)\s*Bearer(?:\s+(.*))?$/i.exec(header ?? "") ?? [];
  if (!/(?:^|,)\s*Bearer\b/i.test(header ?? "")) return undefined;
  const parameters = new Map(
    [...(rest ?? "").matchAll(PARAMETER)].map(([, name = "", quoted, bare]) => [
      name.toLowerCase(),
      quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "",
    ]),
  );
  return present({
    resourceMetadata: parameters.get("resource_metadata"),
    scopes: splitScopes(parameters.get("scope")),
    error: parameters.get("error"),
    description: parameters.get("error_description"),
  });
};

/** The words of a `scope`; nothing when there are none. */
export const splitScopes = (scope: unknown): readonly string[] | undefined => {
  const words = (textOf(scope) ?? "").split(" ").filter((word) => word !== "");
  return words.length > 0 ? words : undefined;
};

/** The fields that clients read. */
export const parseResourceMetadata = (url: string, text: string): ResourceMetadata | undefined => {
  const document = parseObject(text);
  if (document === undefined) return undefined;
  return {
    url,
    authorizationServers: listOf(document.authorization_servers) ?? [],
    ...present({
      resource: textOf(document.resource),
      scopes: listOf(document.scopes_supported),
    }),
  };
};

// A user pool's own issuer, https://cognito-idp.<region>.amazonaws.com/<region>_<id>, and a local one's.
const COGNITO_ISSUER = /\/[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]+$/;

/** The fields that clients read; nothing when it is not such a document. */
export const parseAuthorizationServer = (
  expectedIssuer: string,
  text: string,
  clockAheadMs: number | undefined,
): AuthorizationServer | undefined => {
  const document = parseObject(text);
  const issuer = textOf(document?.issuer);
  if (document === undefined || issuer === undefined) return undefined;
  return {
    issuer,
    isTrusted: issuer === expectedIssuer,
    registersClients:
      textOf(document.registration_endpoint) !== undefined ||
      document.client_id_metadata_document_supported === true,
    isCognito: COGNITO_ISSUER.test(issuer),
    ...present({
      authorizationEndpoint: textOf(document.authorization_endpoint),
      tokenEndpoint: textOf(document.token_endpoint),
      scopes: listOf(document.scopes_supported),
      pkceMethods: listOf(document.code_challenge_methods_supported),
      tokenAuthMethods: listOf(document.token_endpoint_auth_methods_supported),
      clockAheadMs,
    }),
  };
};

/** What a token says of itself, unverified: it is shown, never believed. */
export const claimsOf = (token: string): Readonly<Record<string, unknown>> | undefined => {
  const [, payload] = token.split(".");
  return payload === undefined
    ? undefined
    : parseObject(Buffer.from(payload, "base64url").toString("utf8"));
};
