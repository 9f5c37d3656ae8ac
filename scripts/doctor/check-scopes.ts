import { askToAuthorize } from "./ask-to-authorize.ts";
import { signsInByItself } from "./check-client.ts";
import type { Check, Client, Finding, Walk } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";
import { type ScopesAsked, scopesAsked } from "./scopes-asked.ts";
import { splitScopes } from "./what-was-learned.ts";

const ADVERTISE =
  'Let the gateway advertise its scopes: on AgentCore set allowedScopes of the customJWTAuthorizer (the 401 and the metadata then carry them); on any other server put scopes_supported into the protected-resource metadata and scope="…" into the 401. Allow the app client the same scopes. Then delete the connector in Claude and create it again, because Claude keeps the old metadata.';

/** The scopes that Claude will ask for are said by the gateway, and the client may have them. */
export const checkScopes: Check = async (walk) => {
  if (walk.resource === undefined || walk.server === undefined) return [];
  const asked = scopesAsked(walk);
  const refusals = await refusedTo(walk, asked);
  const isAdvertised = asked.from === "challenge" || asked.from === "resource metadata";
  const disagreement = disagree(walk);
  return [
    ...(isAdvertised ? advertised(asked, refusals) : [await unadvertised(walk, asked, refusals)]),
    ...(disagreement === undefined ? [] : [disagreement]),
  ];
};

interface Refusal {
  readonly client: Client;
  readonly said: string;
  readonly exchange: Exchange;
}

const refusedTo = async (walk: Walk, asked: ScopesAsked): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = [];
  for (const client of walk.clients) {
    if (await signsInByItself(walk, client)) continue;
    for (const callback of client.callbacks) {
      const reception = await askToAuthorize(walk, client, callback, asked.scopes);
      if (reception?.kind !== "scope_refused") continue;
      refusals.push({ client, said: reception.said, exchange: reception.exchange });
      break;
    }
  }
  return refusals;
};

const advertised = (asked: ScopesAsked, refusals: readonly Refusal[]): readonly Finding[] => {
  const scopes = (asked.scopes ?? []).join(" ");
  if (refusals.length === 0) {
    return [
      {
        code: "ScopesAdvertised",
        status: "ok",
        summary: `Claude will ask for ${scopes} (from the ${asked.from}).`,
      },
    ];
  }
  return refusals.map(({ client, said, exchange }) => ({
    code: "AdvertisedScopesRefused",
    status: "failure",
    summary: `Claude will ask for ${scopes} (from the ${asked.from}), and ${client.name} may not have all of them (“${said}”).`,
    fix: `Allow client ${client.clientId} the scopes ${scopes} at the sign-in server, or advertise only those that it has.`,
    exchange,
  }));
};

const unadvertised = async (
  walk: Walk,
  asked: ScopesAsked,
  refusals: readonly Refusal[],
): Promise<Finding> => {
  const code = "ScopesNotAdvertised";
  if (asked.scopes === undefined) {
    return {
      code,
      status: "warning",
      summary:
        "Neither the 401 nor the metadata names a scope, so clients ask for none. With Cognito some then fail at the exchange of the code (invalid_grant).",
      fix: ADVERTISE,
    };
  }
  const scopes = asked.scopes.join(" ");
  const begin = `Neither the 401 nor the metadata names a scope. Claude then asks for everything that the sign-in server lists: ${scopes}`;
  const [refusal] = refusals;
  if (refusal !== undefined) {
    const names = refusals.map(({ client }) => client.name).join(" and ");
    return {
      code,
      status: "failure",
      summary: `${begin}. ${names} may not have them (“${refusal.said}”): the callback is reached without a code, and Claude says “code: Field required”.`,
      fix: ADVERTISE,
      exchange: refusal.exchange,
    };
  }
  // What a machine got here shows what the gateway's own scopes are called.
  const own = walk.tokens
    .flatMap(({ claims }) => splitScopes(claims?.scope) ?? [])
    .filter((scope) => asked.scopes?.includes(scope) === false);
  if (own.length > 0) {
    return {
      code,
      status: "failure",
      summary: `${begin}. Its token would have none of ${[...new Set(own)].join(", ")}, which this server's tokens carry.`,
      fix: ADVERTISE,
    };
  }
  const isTried = walk.clients.some((client) => client.use !== "machine");
  return {
    code,
    status: "warning",
    summary: `${begin}. ${isTried ? "The client may have them, but the token will carry no scope of the gateway's own." : "A client that may not have every one of them fails with “code: Field required”; which ones, --client-id ID shows."}`,
    fix: ADVERTISE,
  };
};

const disagree = ({ challenge, resource }: Walk): Finding | undefined => {
  if (challenge === undefined || resource === undefined) return undefined;
  const said = [...(challenge.scopes ?? [])].sort().join(" ");
  const listed = [...(resource.scopes ?? [])].sort().join(" ");
  // Before a particular call is known, both name what a newcomer should ask for.
  if (said === listed || said === "") return undefined;
  return {
    code: "ScopesDisagree",
    status: "warning",
    summary: `The 401 says scope="${said}", the metadata ${listed === "" ? "lists none" : `lists ${listed}`}: Claude follows the 401, the Inspector the metadata, and they get different rights.`,
    fix: `Make scopes_supported in ${resource.url} and scope in the 401 the same.`,
  };
};
