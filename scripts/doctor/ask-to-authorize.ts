import { createHash, randomBytes } from "node:crypto";
import type { Client, Walk } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";

/** What the sign-in server makes of an authorization request, before anybody signs in. */
export interface Reception {
  readonly kind:
    | "accepted"
    | "scope_refused"
    | "redirect_refused"
    | "client_unknown"
    | "pages_missing"
    | "refused"
    | "unreachable";
  /** The server's own words. */
  readonly said: string;
  readonly exchange: Exchange;
}

/** The address that a client sends a person to, with PKCE and resource as Claude has them. */
export const authorizeUrl = (
  endpoint: string,
  request: {
    readonly clientId: string;
    readonly callback: string;
    readonly resource: string;
    readonly scopes: readonly string[] | undefined;
    readonly state: string;
    readonly verifier: string;
  },
): string => {
  const url = new URL(endpoint);
  const parameters = {
    response_type: "code",
    client_id: request.clientId,
    redirect_uri: request.callback,
    code_challenge: createHash("sha256").update(request.verifier).digest("base64url"),
    code_challenge_method: "S256",
    state: request.state,
    resource: request.resource,
    ...(request.scopes === undefined ? {} : { scope: request.scopes.join(" ") }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

/** A word that nobody can guess. */
export const randomWord = (): string => randomBytes(32).toString("base64url");

/** Sends an authorization request and looks where it leads, without going there; asked once for the same question. */
export const askToAuthorize = (
  walk: Walk,
  client: Client,
  callback: string,
  scopes: readonly string[] | undefined,
): Promise<Reception | undefined> => {
  const endpoint = walk.server?.authorizationEndpoint;
  if (endpoint === undefined || !URL.canParse(endpoint)) return Promise.resolve(undefined);
  const question = JSON.stringify(["authorize", client.clientId, callback, scopes]);
  const known = walk.kept.get(question) as Promise<Reception> | undefined;
  if (known !== undefined) return known;
  const url = authorizeUrl(endpoint, {
    clientId: client.clientId,
    callback,
    scopes,
    resource: walk.url,
    state: "doctor",
    verifier: randomWord(),
  });
  const answer = walk
    .send({ method: "GET", url, headers: { accept: "text/html" } })
    .then((exchange) => receptionOf(exchange, callback));
  walk.kept.set(question, answer);
  return answer;
};

const receptionOf = (exchange: Exchange, callback: string): Reception => {
  const { response } = exchange;
  if (response === undefined) {
    return { kind: "unreachable", said: exchange.trouble?.reason ?? "no answer", exchange };
  }
  const { location } = response.headers;
  if (location !== undefined && URL.canParse(location, exchange.request.url)) {
    const target = new URL(location, exchange.request.url);
    const said = [target.searchParams.get("error"), target.searchParams.get("error_description")]
      .filter((word) => word !== null)
      .join(": ");
    if (`${target.origin}${target.pathname}` === callback) {
      if (said === "") return { kind: "accepted", said, exchange };
      return { kind: /scope/i.test(said) ? "scope_refused" : "refused", said, exchange };
    }
    return said === ""
      ? { kind: "accepted", said, exchange }
      : { kind: pageError(said), said, exchange };
  }
  if (response.status < 400) return { kind: "accepted", said: "", exchange };
  return {
    kind: pageError(response.body),
    said: `${response.status} ${response.body
      .replaceAll(/<[^>]*>|\s+/g, " ")
      .trim()
      .slice(0, 120)}`,
    exchange,
  };
};

// What must not be sent to a callback is told on a page; the texts are nobody's contract, so only words are looked for.
const pageError = (text: string): Reception["kind"] => {
  if (/login pages unavailable/i.test(text)) return "pages_missing";
  if (/redirect|callback/i.test(text)) return "redirect_refused";
  if (/scope/i.test(text)) return "scope_refused";
  return /client/i.test(text) ? "client_unknown" : "refused";
};
