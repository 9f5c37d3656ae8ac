import { fullScope } from "#domain/access/caller.ts";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { exchange } from "../doctor/exchange.ts";
import { mcpRequest } from "../doctor/mcp-request.ts";
import { readToken, tokenRequest } from "../test-gateway/ask-token.ts";
import type { Check } from "./check.ts";
import { SCENE } from "./check-home.ts";
import { fault, well } from "./finding.ts";

const CALL_MS = 60_000;

/** A token that may only read may not switch: it gets a challenge that a client can act by, or a result that says so. */
export const checkNarrowToken: Check = {
  name: "narrow token",
  needs: ["mcp session"],
  look: async ({ signIn, redactor, home }) => {
    const { url } = signIn.gateway;
    const { clientId, clientSecret = "" } = signIn.cognito.clients.machine;
    const tokenUrl = `${signIn.cognito.domain}/oauth2/token`;
    const scope = encodeURIComponent(fullScope("read"));
    const asked = await exchange({
      ...tokenRequest({ url, tokenUrl, clientId, clientSecret }),
      body: `grant_type=client_credentials&scope=${scope}`,
    });
    const { token, finding } = readToken(asked);
    if (token === undefined) return finding;
    redactor.hide(token);
    const { response } = await exchange(
      mcpRequest(
        url,
        {
          id: 7,
          method: "tools/call",
          params: { name: "home___run_scene", arguments: { home, scene: SCENE } },
        },
        { token },
      ),
      CALL_MS,
    );
    const body = parseJsonObject(response?.body ?? "");
    if (response?.status === 200 && isObject(body?.result) && body.result.isError === true) {
      return well("A token that may only read is told so in a result that is an error.");
    }
    if (response?.status === 200) {
      return fault(
        "ScopeNotChecked",
        "A token that may only read was let through to run_scene: the REQUEST interceptor does not hold it back.",
        "intercept-tool-call must be the gateway's REQUEST interceptor, with passRequestHeaders.",
      );
    }
    if (response?.status !== 403) {
      return fault(
        "DenialLost",
        `A token that may only read was answered HTTP ${response?.status ?? "nothing"} instead of a denial.`,
        "Look at the log of intercept-tool-call: an interceptor that fails is an error of the gateway's.",
      );
    }
    const challenge =
      response.headers["www-authenticate"] ??
      response.headers["x-amzn-remapped-www-authenticate"] ??
      "";
    if (!challenge.includes("insufficient_scope")) {
      return fault(
        "ChallengeLost",
        "The denial came without its WWW-Authenticate header, and no client can know which scope it lacks: the RESPONSE interceptor lost it.",
        "intercept-tool-call must return the headers that it was given, or build the denial again.",
      );
    }
    if (!isObject(body?.error)) {
      return fault(
        "DenialEmpty",
        "The denial has no body: after a REQUEST interceptor's answer the RESPONSE interceptor was given none, and passed that on.",
        "intercept-tool-call must build the denial again where it is given no body.",
      );
    }
    return well("A token that may only read is denied with 403, its challenge and a body.");
  },
};
