import { askForToken } from "./ask-for-token.ts";
import { authorizeUrl, randomWord } from "./ask-to-authorize.ts";
import { awaitCallback } from "./await-callback.ts";
import type { Check, Client, Finding, Walk } from "./diagnosis.ts";
import { scopesAsked } from "./scopes-asked.ts";
import { claimsOf } from "./what-was-learned.ts";

/** With --sign-in: a person signs in, with PKCE, and comes back to this machine. */
export const checkSignIn: Check = async (walk) => {
  const { signIn, server } = walk;
  if (signIn === undefined) return [];
  if (server?.authorizationEndpoint === undefined || !server.isTrusted) {
    return [
      {
        code: "SignInNotTried",
        status: "failure",
        summary: "Nobody can sign in before the steps above are mended.",
        fix: "Mend what the steps above name.",
      },
    ];
  }
  const { client, callback } = signIn;
  const state = randomWord();
  const verifier = randomWord();
  walk.redactor.hide(verifier);
  const url = authorizeUrl(server.authorizationEndpoint, {
    clientId: client.clientId,
    callback,
    scopes: scopesAsked(walk).scopes,
    resource: walk.url,
    state,
    verifier,
  });
  const answer = await awaitCallback(callback, () => {
    walk.tell(
      `Open this address in a browser and sign in; the doctor waits at ${callback}:\n  ${url}\n`,
    );
  });
  if (answer === undefined) {
    return [
      {
        code: "SignInTimedOut",
        status: "failure",
        summary: `Nobody came back to ${callback} in five minutes.`,
        fix: `Open the address above and sign in. If the browser shows an error page, ${callback} may not be registered for client ${client.clientId}.`,
      },
    ];
  }
  const code = answer.get("code");
  if (code === null) return [refused(client, answer)];
  walk.redactor.hide(code);
  if (answer.get("state") !== state || (answer.get("iss") ?? server.issuer) !== server.issuer) {
    return [
      {
        code: "SignInMixedUp",
        status: "failure",
        summary: "What came back does not belong to what was asked (state or iss differ).",
        fix: `Use the address printed last, once; ${server.issuer} must send state back unchanged.`,
      },
    ];
  }
  return [await exchangeCode(walk, client, { code, callback, verifier })];
};

const refused = (client: Client, answer: URLSearchParams): Finding => {
  const said = [answer.get("error"), answer.get("error_description")]
    .filter((word) => word !== null)
    .join(": ");
  return {
    code: "SignInRefused",
    status: "failure",
    summary: `The callback was reached without a code: ${said || "nothing was said"}. In Claude this is “code: Field required”.`,
    fix: /scope/i.test(said)
      ? `Let the gateway advertise scopes (on AgentCore: allowedScopes) that client ${client.clientId} is allowed.`
      : `Look up “${said}” in the sign-in server's settings for client ${client.clientId}.`,
  };
};

const exchangeCode = async (
  walk: Walk,
  client: Client,
  {
    code,
    callback,
    verifier,
  }: { readonly code: string; readonly callback: string; readonly verifier: string },
): Promise<Finding> => {
  const answer = await askForToken(walk, client, {
    grant_type: "authorization_code",
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    resource: walk.url,
  });
  if (answer?.token === undefined) {
    return {
      code: "CodeRefused",
      status: "failure",
      summary: `The sign-in went well, and the code was not exchanged for a token (${answer?.error ?? `HTTP ${answer?.exchange.response?.status ?? "nothing"}`}).`,
      fix:
        answer?.error === "invalid_client"
          ? `Give the right secret of client ${client.clientId} (--client-secret), or none if it has none.`
          : `See the token endpoint's log for client ${client.clientId}; with Cognito invalid_grant was seen where no scope was asked for.`,
      ...(answer === undefined ? {} : { exchange: answer.exchange }),
    };
  }
  walk.tokens.push({
    client,
    how: "sign-in",
    value: answer.token,
    claims: claimsOf(answer.token),
  });
  return {
    code: "SignedIn",
    status: "ok",
    summary: `A person signed in through ${client.name}.`,
    exchange: answer.exchange,
  };
};
