import type { Check } from "./diagnosis.ts";
import { parseChallenge } from "./what-was-learned.ts";

const RENAMED = "x-amzn-remapped-www-authenticate";

/** Without a token the answer must be a 401 that says where the metadata is. (RFC 9728 §5.1) */
export const checkChallenge: Check = async (walk) => {
  const { first } = walk;
  if (first?.response === undefined) return [];
  const { status, headers, body } = first.response;
  // What a redirect means is said where it was found.
  if (status >= 300 && status < 400) return [];
  if (status >= 200 && status < 300) {
    return [
      {
        code: "NoSignInAsked",
        status: "warning",
        summary: `The server answers ${status} without a token: Claude never signs in, and everybody gets in.`,
        fix: "Answer 401 with WWW-Authenticate to every request without a token. On AgentCore: authorizerType CUSTOM_JWT instead of NONE.",
        exchange: first,
      },
    ];
  }
  if (status !== 401) {
    return [
      {
        code: "NotUnauthorized",
        status: "failure",
        summary: `Without a token the server answers ${status}, and only a 401 makes Claude sign in.`,
        fix: cureOf(status, headers, body, walk.url),
        exchange: first,
      },
    ];
  }
  const renamed = headers[RENAMED];
  if (headers["www-authenticate"] === undefined && renamed !== undefined) {
    // What it says is still used, so that the walk goes on.
    const challenge = parseChallenge(renamed);
    if (challenge !== undefined) walk.challenge = challenge;
    return [
      {
        code: "ChallengeRenamed",
        status: "failure",
        summary: `A proxy renamed WWW-Authenticate to ${RENAMED}: clients do not see the challenge, and sign-in never starts.`,
        fix: `Take out what renames the header (API Gateway and Lambda function URLs give ${RENAMED}), or write www-authenticate again on the response: with a CloudFront function, or an origin that keeps it.`,
        exchange: first,
      },
    ];
  }
  const challenge = parseChallenge(headers["www-authenticate"]);
  if (challenge?.resourceMetadata === undefined) {
    return [
      {
        code: "ChallengeMissing",
        // Clients then try the well-known addresses; whether these exist is the next step's.
        status: "warning",
        summary:
          challenge === undefined
            ? "The 401 has no WWW-Authenticate: Bearer. Clients have to guess where the metadata is."
            : "The challenge has no resource_metadata. Clients have to guess where the metadata is.",
        fix: `Send with the 401: WWW-Authenticate: Bearer resource_metadata="${new URL(walk.url).origin}/.well-known/oauth-protected-resource"`,
        exchange: first,
      },
    ];
  }
  walk.challenge = challenge;
  if (
    !/^https?:\/\//i.test(challenge.resourceMetadata) ||
    !URL.canParse(challenge.resourceMetadata)
  ) {
    return [
      {
        code: "ResourceMetadataNotAbsolute",
        status: "failure",
        summary: `resource_metadata in the challenge is "${challenge.resourceMetadata}", which is not an absolute URL.`,
        fix: `Write the whole address: resource_metadata="${new URL(walk.url).origin}/.well-known/oauth-protected-resource" instead of "${challenge.resourceMetadata}".`,
        exchange: first,
      },
    ];
  }
  return [
    {
      code: "ChallengeFound",
      status: "ok",
      summary: "A request without a token is answered 401 and told where the metadata is.",
      exchange: first,
    },
  ];
};

const cureOf = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  url: string,
): string => {
  const { pathname } = new URL(url);
  if (
    status === 403 &&
    /MissingAuthenticationToken|SigV4|AWS4|not authorized to perform/i.test(
      `${headers["x-amzn-errortype"] ?? ""} ${body}`,
    )
  ) {
    return "The server wants requests signed for AWS: set the gateway's authorizerType to CUSTOM_JWT instead of AWS_IAM.";
  }
  if (status === 404) {
    return pathname.endsWith("/mcp")
      ? `Nothing is served at ${pathname}: check the path of ${url}.`
      : `Nothing is served at ${pathname}: an AgentCore gateway's address ends in /mcp.`;
  }
  if (status === 405 || status === 406 || status === 415 || status === 400) {
    return `Look at the token before anything else: ${status} comes first here, and Claude's first request then never sees the 401.`;
  }
  if (status >= 500) return `Mend the server, which answers ${status}: its own log says why.`;
  return `Answer 401 instead of ${status}, with WWW-Authenticate: Bearer and resource_metadata. A firewall (WAF) in front may be what answers.`;
};
