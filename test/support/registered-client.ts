import type { OAuthDiscoveryState, OAuthTokens } from "@modelcontextprotocol/client";
import type { Endpoints } from "../../scripts/command/endpoints.ts";
import { LOCAL_CALLBACK } from "./person.ts";

/**
 * What both MCP SDKs need to know of smarthome-local-client, which is registered beforehand; `kept` is what they leave
 * behind: the addresses that the person is sent to, and the tokens.
 */
export const registeredClient = ({ cognito }: Endpoints) => {
  const kept: {
    verifier: string;
    readonly asked: URL[];
    tokens?: OAuthTokens;
    discovered?: OAuthDiscoveryState;
  } = { verifier: "", asked: [] };
  return {
    kept,
    redirectUrl: LOCAL_CALLBACK,
    clientMetadata: { redirect_uris: [LOCAL_CALLBACK], client_name: "smarthome-scenes" },
    state: () => "st4te",
    clientInformation: () => ({ client_id: cognito.clients.local.clientId }),
    tokens: () => kept.tokens,
    saveTokens: (tokens: OAuthTokens) => {
      kept.tokens = { ...tokens, issuer: cognito.issuer };
    },
    redirectToAuthorization: (url: URL) => {
      kept.asked.push(url);
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier,
    saveDiscoveryState: (state: OAuthDiscoveryState) => {
      kept.discovered = state;
    },
    discoveryState: () => kept.discovered,
  };
};
