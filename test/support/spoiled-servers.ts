import type { FakeSettings } from "./fake-mcp-server.ts";

/** A way in which a server can be wrong, the code under which the doctor finds it, and what the fix must name. */
export interface Row {
  readonly is: string;
  readonly code: string;
  readonly status: "failure" | "warning";
  /** What the fix must name; ORIGIN stands for the server's own address. */
  readonly names: string;
  readonly client?: readonly [id: string, secret?: string];
  readonly url?: (origin: string) => string;
  readonly host?: string;
  readonly spoil?: (healthy: FakeSettings, origin: string) => Partial<FakeSettings>;
}

const PRM = "/.well-known/oauth-protected-resource";
/** Where the sign-in server has its metadata. */
export const AS = "/.well-known/oauth-authorization-server/as";
/** Id and secret of the machine client. */
export const MACHINE = ["machine", "machine+secret/of the test"] as const;
/** Id and secret of the client for people. */
export const WEB = ["web", "web-secret-of-the-test"] as const;

/** Changes fields of one document; `undefined` takes a field out. */
export const document =
  (path: string, change: (origin: string) => Readonly<Record<string, unknown>>) =>
  ({ documents }: FakeSettings, origin: string): Partial<FakeSettings> => ({
    documents: {
      ...documents,
      [path]: { ...(documents[path] as Readonly<Record<string, unknown>>), ...change(origin) },
    },
  });

const challenge =
  (rest: (origin: string) => string, name = "www-authenticate") =>
  (_: FakeSettings, origin: string): Partial<FakeSettings> => ({
    unauthorized: { status: 401, headers: { [name]: `Bearer ${rest(origin)}` } },
  });

const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  () => ({
    unauthorized: { status, headers },
  });

const refuses = (status: number, rest: string) => () => ({
  refusal: { status, headers: { "www-authenticate": `Bearer ${rest}` } },
});

// No scope in the challenge and none in the metadata.
const withoutScopes = (healthy: FakeSettings, origin: string): Partial<FakeSettings> => ({
  ...challenge((at) => `resource_metadata="${at}${PRM}"`)(healthy, origin),
  ...document(PRM, () => ({ scopes_supported: undefined }))(healthy, origin),
});

const client =
  (id: string, change: Partial<FakeSettings["clients"][string]>) =>
  ({ clients }: FakeSettings): Partial<FakeSettings> => {
    const known = clients[id];
    return known === undefined ? {} : { clients: { ...clients, [id]: { ...known, ...change } } };
  };

const f = "failure";
const w = "warning";
// biome-ignore format: one row a failure
export const ROWS: readonly Row[] = [
  { is: "a name that nobody has", code: "DnsFailed", status: f, names: "nobody.invalid", url: () => "http://nobody.invalid/mcp" },
  { is: "TLS where none is spoken", code: "TlsFailed", status: f, names: "127.0.0.1", url: (origin) => `${origin.replace("http:", "https:")}/mcp` },
  { is: "a redirect", code: "Redirected", status: f, names: "https://elsewhere.example/mcp", spoil: answers(307, { location: "https://elsewhere.example/mcp" }) },
  { is: "404 at a path without /mcp", code: "NotUnauthorized", status: f, names: "/mcp", url: (origin) => `${origin}/` },
  { is: "406 before the token is looked at", code: "NotUnauthorized", status: f, names: "406", spoil: answers(406) },
  { is: "403 of an authorizer that wants signatures", code: "NotUnauthorized", status: f, names: "CUSTOM_JWT", spoil: answers(403, { "x-amzn-errortype": "MissingAuthenticationTokenException" }) },
  { is: "no sign-in at all", code: "NoSignInAsked", status: w, names: "401", spoil: answers(200) },
  { is: "a challenge that a proxy renamed", code: "ChallengeRenamed", status: f, names: "x-amzn-remapped-www-authenticate", spoil: challenge((at) => `resource_metadata="${at}${PRM}"`, "x-amzn-remapped-www-authenticate") },
  { is: "no challenge", code: "ChallengeMissing", status: w, names: `resource_metadata="ORIGIN${PRM}"`, spoil: answers(401) },
  { is: "a challenge without resource_metadata", code: "ChallengeMissing", status: w, names: "resource_metadata", spoil: challenge(() => 'realm="x"') },
  { is: "resource_metadata that is a path", code: "ResourceMetadataNotAbsolute", status: f, names: PRM, spoil: challenge(() => `resource_metadata="${PRM}"`) },
  { is: "resource_metadata that leads nowhere", code: "ResourceMetadataUnreachable", status: f, names: "ORIGIN/nowhere", spoil: challenge((at) => `resource_metadata="${at}/nowhere"`) },
  { is: "no resource metadata in any place", code: "ResourceMetadataMissing", status: f, names: PRM, spoil: () => ({ ...answers(401)(), documents: {} }) },
  { is: "metadata without authorization server", code: "NoAuthorizationServer", status: f, names: "authorization_servers", spoil: document(PRM, () => ({ authorization_servers: [] })) },
  { is: "resource of another address", code: "ResourceMismatch", status: f, names: "https://gw.example/mcp", spoil: document(PRM, () => ({ resource: "https://gw.example/mcp" })) },
  { is: "resource without the path that was typed", code: "ResourceMismatch", status: f, names: "ORIGIN/mcp", spoil: document(PRM, (at) => ({ resource: at })) },
  { is: "no authorization-server metadata", code: "ServerMetadataMissing", status: f, names: "ORIGIN/as", spoil: ({ documents }) => ({ documents: { [PRM]: documents[PRM] } }) },
  { is: "an issuer with a slash too many", code: "IssuerMismatch", status: f, names: "ORIGIN/as/", client: WEB, spoil: document(AS, (at) => ({ issuer: `${at}/as/` })) },
  { is: "no token endpoint", code: "EndpointsMissing", status: f, names: "token_endpoint", spoil: document(AS, () => ({ token_endpoint: undefined })) },
  { is: "a token endpoint without TLS", code: "TokenEndpointInsecure", status: f, names: "http://sign-in.example/token", client: WEB, spoil: document(AS, () => ({ token_endpoint: "http://sign-in.example/token" })) },
  { is: "S256 that is not advertised, and not Cognito", code: "PkceNotAdvertised", status: w, names: "S256", spoil: document(AS, () => ({ code_challenge_methods_supported: undefined })) },
  { is: "PKCE without S256", code: "PkceWithoutS256", status: f, names: "S256", spoil: document(AS, () => ({ code_challenge_methods_supported: ["plain"] })) },
  { is: "a clock that is an hour ahead", code: "ClockSkew", status: f, names: "127.0.0.1", spoil: () => ({ clockAheadMs: 3_600_000 }) },
  { is: "no client id and no registration", code: "ClientIdNeeded", status: w, names: "--client-id" },
  { is: "an unknown client id", code: "ClientUnknown", status: f, names: "nobody", client: ["nobody", "x1y2z3"] },
  { is: "a callback that is not registered", code: "RedirectNotRegistered", status: f, names: "https://claude.ai/api/mcp/auth_callback", client: WEB, spoil: client("web", { callbacks: [] }) },
  { is: "only the second callback not registered", code: "RedirectNotRegistered", status: w, names: "https://claude.com/api/mcp/auth_callback", client: WEB, spoil: client("web", { callbacks: ["https://claude.ai/api/mcp/auth_callback"] }) },
  { is: "a client with a secret that was not given", code: "SecretMissing", status: f, names: "client web", client: ["web"] },
  { is: "a wrong secret", code: "SecretWrong", status: f, names: "client web", client: ["web", "wrong-secret-of-the-test"] },
  { is: "client_credentials on a client for people", code: "ClientCredentialsOnBrowserClient", status: w, names: "--sign-in", client: WEB },
  { is: "a machine client where Claude needs one for people", code: "MachineClient", status: w, names: "authorization code", client: MACHINE },
  { is: "no scopes advertised, and the client may not have the fallback", code: "ScopesNotAdvertised", status: f, names: "allowedScopes", client: WEB, spoil: withoutScopes },
  { is: "no scopes advertised, and the token needs some", code: "ScopesNotAdvertised", status: f, names: "scopes_supported", client: MACHINE, spoil: withoutScopes },
  { is: "no scopes advertised, and no client to try", code: "ScopesNotAdvertised", status: w, names: "scopes_supported", spoil: withoutScopes },
  { is: "advertised scopes that the client may not have", code: "AdvertisedScopesRefused", status: f, names: "tool/read tool/write", client: WEB, spoil: client("web", { scopes: ["tool/read"] }) },
  { is: "challenge and metadata that disagree", code: "ScopesDisagree", status: w, names: "scopes_supported", spoil: document(PRM, () => ({ scopes_supported: ["tool/read"] })) },
  { is: "a token of another issuer", code: "TokenIssuerDiffers", status: f, names: "https://other.example", client: MACHINE, spoil: () => ({ claims: { iss: "https://other.example" } }) },
  { is: "a client that is not in allowedClients", code: "ClientNotAllowed", status: f, names: "machine to allowedClients", client: MACHINE, spoil: refuses(403, 'error="insufficient_scope"') },
  { is: "allowedAudience, though tokens have no aud", code: "AudienceRequired", status: f, names: "allowedAudience", client: MACHINE, spoil: refuses(401, 'error="invalid_token"') },
  { is: "another audience", code: "AudienceDiffers", status: f, names: "https://api.example", client: MACHINE, spoil: () => ({ claims: { aud: "https://api.example" }, ...refuses(401, 'error="invalid_token", error_description="bad audience"')() }) },
  { is: "a token with none of the scopes", code: "ScopeNotAllowed", status: f, names: "tool/read", client: MACHINE, spoil: () => ({ claims: { scope: "openid" }, ...refuses(403, 'error="insufficient_scope"')() }) },
  { is: "a token that is verified with other keys", code: "TokenNotVerified", status: f, names: "discoveryUrl", client: MACHINE, spoil: () => ({ claims: { aud: "x" }, ...refuses(401, 'error="invalid_token"')() }) },
  { is: "a token from the future", code: "ClockSkew", status: f, names: "NTP", client: MACHINE, spoil: () => ({ claims: { iat: 4_000_000_000 }, ...refuses(401, 'error="invalid_token"')() }) },
  { is: "a server that fails behind the token", code: "InitializeFailed", status: f, names: "127.0.0.1", client: MACHINE, spoil: () => ({ refusal: { status: 502 } }) },
  { is: "no tool that the token may see", code: "NoToolVisible", status: f, names: "tool/read tool/write", client: MACHINE, spoil: () => ({ tools: [] }) },
  { is: "plain HTTP to another machine", code: "NotHttps", status: f, names: "127.0.0.2", host: "127.0.0.2" },
];
