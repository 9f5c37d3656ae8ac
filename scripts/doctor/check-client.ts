import { askForMachineToken } from "./ask-for-token.ts";
import { askToAuthorize, type Reception } from "./ask-to-authorize.ts";
import type { Check, Client, Finding, Walk } from "./diagnosis.ts";
import { scopesAsked } from "./scopes-asked.ts";

/** The sign-in server knows the client, and sends people back to its callbacks. */
export const checkClient: Check = async (walk) => {
  const { server } = walk;
  if (server?.authorizationEndpoint === undefined) return [];
  if (walk.clients.length === 0) {
    return [
      server.registersClients
        ? {
            code: "RegistrationOffered",
            status: "ok",
            summary: "Clients register themselves here; none has to be entered.",
          }
        : {
            code: "ClientIdNeeded",
            status: "warning",
            summary: `${server.issuer} registers no clients by itself, so Claude has to be given a client id${server.isCognito ? " (Cognito cannot do otherwise)" : ""}.`,
            fix: "Enter client id and secret under Advanced settings of the connector. To have them checked here too: --client-id ID --client-secret SECRET.",
          },
    ];
  }
  const found: Finding[] = [];
  for (const client of walk.clients) {
    if (!(await signsInByItself(walk, client))) found.push(...(await judge(walk, client)));
  }
  return found;
};

/** Whether a client is a machine's: told so, or found out by its getting a token without a person. */
export const signsInByItself = async (walk: Walk, client: Client): Promise<boolean> => {
  if (client.use !== "unknown") return client.use === "machine";
  return (
    client.clientSecret !== undefined &&
    (await askForMachineToken(walk, client))?.token !== undefined
  );
};

const judge = async (walk: Walk, client: Client): Promise<readonly Finding[]> => {
  const { scopes } = scopesAsked(walk);
  const found: Finding[] = [];
  for (const [index, callback] of client.callbacks.entries()) {
    const reception = await askToAuthorize(walk, client, callback, scopes);
    if (reception === undefined) return [];
    const finding = FINDINGS[reception.kind](client, callback, reception);
    if (finding === undefined) continue;
    // Claude uses the first callback today, the others are for the day that it moves.
    found.push({
      ...finding,
      status: index > 0 && finding.code === "RedirectNotRegistered" ? "warning" : "failure",
      exchange: reception.exchange,
    });
    // The other callbacks would fail for the same reason.
    if (finding.code !== "RedirectNotRegistered") break;
  }
  return found.length > 0
    ? found
    : [
        {
          code: "ClientKnown",
          status: "ok",
          summary: `${client.name} is known, and people are sent back to ${client.callbacks.join(" and ")}.`,
        },
      ];
};

type Judgement = Pick<Finding, "code" | "summary" | "fix"> | undefined;

const FINDINGS: Readonly<
  Record<Reception["kind"], (client: Client, callback: string, reception: Reception) => Judgement>
> = {
  accepted: () => undefined,
  // The callback is registered, or the refusal would not have been sent there; the step on scopes has the rest.
  scope_refused: () => undefined,
  redirect_refused: (client, callback, { said }) => ({
    code: "RedirectNotRegistered",
    summary: `${callback} is not registered for ${client.name} (“${said}”). The person sees an error page and never comes back.`,
    fix: `Add ${callback} to the callback URLs of client ${client.clientId}, letter by letter, port included. (To check a client of a local tool instead: --callback http://localhost:PORT/callback)`,
  }),
  client_unknown: (client, _callback, { said }) => ({
    code: "ClientUnknown",
    summary: `The sign-in server does not know the client id ${client.clientId} (“${said}”).`,
    fix: `Enter the client id of an app client of this very sign-in server instead of ${client.clientId}: copied whole, same region, same user pool.`,
  }),
  pages_missing: (client, _callback, { said }) => ({
    code: "SignInPagesUnavailable",
    summary: `There are no sign-in pages for ${client.name} (“${said}”).`,
    fix: `Create a managed login branding style for client ${client.clientId}: ManagedLoginVersion 2 wants one per client.`,
  }),
  refused: (client, callback, { said }) => ({
    code: "AuthorizeRefused",
    summary: `An authorization request of ${client.name} for ${callback} is refused: ${said}.`,
    fix: `Look up “${said}” in the sign-in server's settings for client ${client.clientId}: the authorization code grant must be allowed.`,
  }),
  unreachable: (client, _callback, { said, exchange }) => ({
    code: "AuthorizeUnreachable",
    summary: `The authorization endpoint of ${client.name} cannot be reached (${said}).`,
    fix: `Check authorization_endpoint: ${new URL(exchange.request.url).origin} must be reachable from people's browsers.`,
  }),
};
