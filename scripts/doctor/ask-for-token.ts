import type { Client, Walk } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";
import { parseObject } from "./what-was-learned.ts";

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly token?: string;
  /** `invalid_client` and its like. */
  readonly error?: string;
  readonly exchange: Exchange;
}

/**
 * A request to the token endpoint, the only place that a secret is sent to: nothing is asked where the server's metadata
 * is not its own, or where the way there is not encrypted.
 */
export const askForToken = async (
  walk: Walk,
  client: Client,
  fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer | undefined> => {
  if (!maySendSecrets(walk)) return undefined;
  const url = walk.server?.tokenEndpoint ?? "";
  const methods = walk.server?.tokenAuthMethods;
  const { clientId, clientSecret } = client;
  // By post, as Claude does; by basic only where the server offers nothing else.
  const isBasic =
    methods?.includes("client_secret_basic") === true && !methods.includes("client_secret_post");
  const body = new URLSearchParams({ ...fields, client_id: clientId });
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  };
  if (clientSecret !== undefined) {
    if (isBasic) {
      const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      const basic = Buffer.from(pair).toString("base64");
      walk.redactor.hide(basic);
      headers.authorization = `Basic ${basic}`;
      body.delete("client_id");
    } else {
      body.set("client_secret", clientSecret);
    }
  }
  const exchange = await walk.send({ method: "POST", url, headers, body: body.toString() });
  const answer = parseObject(exchange.response?.body ?? "") ?? {};
  for (const name of ["access_token", "id_token", "refresh_token"]) {
    const secret = answer[name];
    if (typeof secret === "string") walk.redactor.hide(secret);
  }
  return {
    exchange,
    ...(typeof answer.access_token === "string" ? { token: answer.access_token } : {}),
    ...(typeof answer.error === "string" ? { error: answer.error } : {}),
  };
};

/** A token for the client itself; asked once. */
export const askForMachineToken = (
  walk: Walk,
  client: Client,
): Promise<TokenAnswer | undefined> => {
  const question = JSON.stringify(["token", client.clientId]);
  const known = walk.kept.get(question) as Promise<TokenAnswer | undefined> | undefined;
  if (known !== undefined) return known;
  const scope = walk.challenge?.scopes ?? walk.resource?.scopes ?? [];
  const answer = askForToken(walk, client, {
    grant_type: "client_credentials",
    // Without a scope Cognito gives all; others give none.
    ...(scope.length === 0 || client.use === "person" ? {} : { scope: scope.join(" ") }),
  });
  walk.kept.set(question, answer);
  return answer;
};

/** Whether the token endpoint may be told a secret. */
export const maySendSecrets = ({ server }: Walk): boolean => {
  if (server?.tokenEndpoint === undefined || !server.isTrusted) return false;
  if (!URL.canParse(server.tokenEndpoint)) return false;
  const { protocol, hostname } = new URL(server.tokenEndpoint);
  return protocol === "https:" || /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
};
