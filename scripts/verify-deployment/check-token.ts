import { exchange } from "../doctor/exchange.ts";
import { readToken, tokenRequest } from "../test-gateway/ask-token.ts";
import type { Check } from "./check.ts";
import { well } from "./finding.ts";

/** The machine client signs in with client_credentials. */
export const checkToken: Check = {
  name: "token",
  needs: [],
  look: async (visit) => {
    const { domain, clients } = visit.signIn.cognito;
    const { clientId, clientSecret = "" } = clients.machine;
    const tokenUrl = `${domain}/oauth2/token`;
    const asked = await exchange(
      tokenRequest({ url: visit.signIn.gateway.url, tokenUrl, clientId, clientSecret }),
    );
    const { token, finding } = readToken(asked);
    if (token === undefined) return finding;
    visit.redactor.hide(token);
    visit.token = token;
    return well(`${new URL(tokenUrl).host} gave the machine client a token.`);
  },
};
