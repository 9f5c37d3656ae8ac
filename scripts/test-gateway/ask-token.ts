import type { Exchange, HttpRequest } from "../doctor/exchange.ts";
import { parseObject } from "../doctor/what-was-learned.ts";
import { notJson } from "./answer-finding.ts";
import type { Candidate } from "./candidate.ts";
import { type Finding, OK } from "./step.ts";
import { troubleFinding } from "./trouble-finding.ts";

/** The request for a token by client_credentials (RFC 6749 §4.4). */
export const tokenRequest = ({ tokenUrl, clientId, clientSecret }: Candidate): HttpRequest => ({
  method: "POST",
  url: tokenUrl,
  headers: {
    "content-type": "application/x-www-form-urlencoded",
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
  },
  body: "grant_type=client_credentials",
});

/** What came back: a token, or what is wrong. */
export const readToken = ({
  request,
  response,
  trouble,
}: Exchange): { readonly finding: Finding; readonly token?: string } => {
  const { host } = new URL(request.url);
  if (response === undefined) {
    return { finding: troubleFinding(host, trouble ?? { kind: "other", reason: "no answer" }) };
  }
  const body = parseObject(response.body);
  if (response.status === 200 && typeof body?.access_token === "string") {
    const seconds = typeof body.expires_in === "number" ? `, for ${body.expires_in} s` : "";
    return {
      token: body.access_token,
      finding: { code: OK, summary: `The machine client has a token${seconds}.` },
    };
  }
  return { finding: refusal(host, response.status, body, response.headers["content-type"] ?? "") };
};

const CLIENT =
  'Its id is the stack\'s output MachineClientId, its secret what "aws cognito-idp describe-user-pool-client" prints (infra/aws/README.md).';

const refusal = (
  host: string,
  status: number,
  body: Readonly<Record<string, unknown>> | undefined,
  contentType: string,
): Finding => {
  const error = typeof body?.error === "string" ? body.error : "";
  if (status === 429 || /TooManyRequests|rate exceeded/i.test(error)) {
    return {
      code: "TokenThrottled",
      summary: `${host} gives out no more tokens for now (HTTP ${status}).`,
      fix: "Wait a minute. All app clients of the account are counted together: keep a token for three quarters of its life.",
    };
  }
  switch (error) {
    case "invalid_client":
      return {
        code: "InvalidClient",
        summary: `${host} does not know this client and secret (invalid_client).`,
        fix: `Check both, and that they are of this user pool. ${CLIENT}`,
      };
    case "unauthorized_client":
      return {
        code: "UnauthorizedClient",
        summary: `The client may not sign in by client_credentials (unauthorized_client).`,
        fix: `Use the machine client: the others are for people. ${CLIENT}`,
      };
    case "invalid_scope":
      return {
        code: "InvalidScope",
        summary: `The client has no scope that ${host} could give (invalid_scope).`,
        fix: "Allow the client smarthome-gateway/read and smarthome-gateway/write, and see that the resource server is there.",
      };
    case "":
      break;
    default:
      return {
        code: "TokenRefused",
        summary: `${host} gives no token (HTTP ${status}, ${error.slice(0, 60)}).`,
        fix: "Look the word up in RFC 6749 §5.2, and check --token-url.",
      };
  }
  if (status >= 500) {
    return {
      code: "ServerError",
      summary: `${host} is out of order (HTTP ${status}).`,
      fix: "Try again in a minute.",
    };
  }
  return body === undefined
    ? notJson(host, status, contentType, "--token-url ends in /oauth2/token")
    : {
        code: "TokenRefused",
        summary: `${host} gives no token (HTTP ${status}).`,
        fix: "Check --token-url: it ends in /oauth2/token.",
      };
};
