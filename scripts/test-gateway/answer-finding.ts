import type { Exchange } from "../doctor/exchange.ts";
import { parseObject } from "../doctor/what-was-learned.ts";
import type { Finding } from "./step.ts";
import { troubleFinding } from "./trouble-finding.ts";

/** What is wrong with an exchange that brought no JSON-RPC result. */
export const answerFinding = ({ request, response, trouble }: Exchange): Finding => {
  const { host } = new URL(request.url);
  if (response === undefined) {
    return troubleFinding(host, trouble ?? { kind: "other", reason: "no answer" });
  }
  const { status, headers, body } = response;
  const error = errorIn(body);
  switch (status) {
    case 401:
      return {
        code: "TokenNotAccepted",
        summary: "The gateway does not accept the token (HTTP 401).",
        fix: "The token must be of the user pool and the app client that the gateway's authorizer names. Check that --token-url and URL are of the same stack, and this machine's clock; npm run doctor shows what the gateway asks for.",
      };
    case 403:
      return {
        code: "NotAllowed",
        summary: `The token may not do this (HTTP 403${error}).`,
        fix: "Allow the client the scopes smarthome-gateway/read and smarthome-gateway/write, and list it in the gateway's allowed clients.",
      };
    case 404:
      return {
        code: "NotFound",
        summary: `${host} has nothing at ${new URL(request.url).pathname} (HTTP 404).`,
        fix: "The gateway's URL ends in /mcp: it is the stack's output GatewayUrl.",
      };
    case 429:
      return {
        code: "Throttled",
        summary: `The gateway takes no more calls of this client for now (HTTP 429${error}).`,
        fix: "Wait a minute: 1,200 requests a minute are each client's (infra/aws/tool-gateway.ts).",
      };
    default:
  }
  if (status >= 300 && status < 400) {
    return {
      code: "Redirected",
      summary: `${host} sends on to ${headers.location ?? "nowhere"} (HTTP ${status}); a token is not sent along.`,
      fix: "Use the address that it leads to, if it is your gateway's.",
    };
  }
  if (status >= 500) {
    return {
      code: "ServerError",
      summary: `The gateway is out of order (HTTP ${status}${error}).`,
      fix: "Try again in a minute; then look at the logs of intercept-tool-call and of the tool's function.",
    };
  }
  if (error !== "") {
    return {
      code: "ProtocolError",
      summary: `The gateway answers with an error (HTTP ${status}${error}).`,
      fix: "See that the address is an AgentCore gateway's, and that it supports MCP 2025-11-25.",
    };
  }
  return notJson(host, status, headers["content-type"] ?? "", "the URL ends in /mcp");
};

/** A page, or anything else that is no answer of this kind of server. */
export const notJson = (
  host: string,
  status: number,
  contentType: string,
  hint: string,
): Finding => ({
  code: "NotJson",
  summary: `${host} answers with ${contentType === "" ? "something" : contentType} in place of JSON (HTTP ${status}).`,
  fix: `This is another server, or a proxy's page: check that ${hint}.`,
});

const errorIn = (body: string): string => {
  const error = parseObject(body)?.error;
  if (typeof error !== "object" || error === null || !("message" in error)) return "";
  return `, ${String(error.message).slice(0, 200)}`;
};
