import type { SignIn } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";

/** The gateway that is tested, and the machine client it is tested as. */
export interface Candidate {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The home that is looked at; a client of one home needs none. */
  readonly home?: string;
  /** The scene that is run, if one is. */
  readonly scene?: string;
}

/** What was written on the command line. */
export interface CandidateOptions {
  readonly url?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly home?: string | undefined;
  readonly scene?: string | undefined;
}

/** The environment variable that holds the secret. */
export const SECRET_VARIABLE = "GATEWAY_CLIENT_SECRET";

/**
 * What is tested: the stack that the options name, or the gateway that was named with what belongs to it.
 * @throws Problem for what is missing or does not go together
 */
export const candidateOf = async (
  options: CandidateOptions,
  stack: () => Promise<SignIn>,
  readSecret: () => Promise<string>,
): Promise<Candidate> => {
  const { url, tokenUrl, clientId, home, scene } = options;
  const rest = {
    ...(home === undefined ? {} : { home }),
    ...(scene === undefined ? {} : { scene }),
  };
  if (url === undefined) {
    if (tokenUrl !== undefined || clientId !== undefined) {
      throw new Problem(
        "--token-url and --client-id are of a gateway that is named: give its URL.",
      );
    }
    const { gateway, cognito } = await stack();
    const { machine } = cognito.clients;
    return {
      url: gateway.url,
      tokenUrl: `${cognito.domain}/oauth2/token`,
      clientId: machine.clientId,
      clientSecret: machine.clientSecret ?? "",
      ...rest,
    };
  }
  if (tokenUrl === undefined || clientId === undefined) {
    throw new Problem(
      "A gateway that is named needs --token-url and --client-id. Of a stack in your account both are known: leave the URL out and give --aws.",
    );
  }
  const clientSecret = (await readSecret()).trim();
  if (clientSecret === "") {
    throw new Problem(
      `The client's secret is missing: put it into the environment variable ${SECRET_VARIABLE}, or pipe it in. It is no option, since a shell keeps those in its history.`,
    );
  }
  return {
    url: checkedUrl("The gateway's address", url),
    tokenUrl: checkedUrl("--token-url", tokenUrl),
    clientId,
    clientSecret,
    ...rest,
  };
};

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

const checkedUrl = (what: string, typed: string): string => {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Problem(`${what} is no http or https address: "${typed}".`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Problem(`${what} holds a name or password, which would be printed: leave it out.`);
  }
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw new Problem(
      `${what} is plain http, and the secret would be sent in the clear: use https.`,
    );
  }
  return typed;
};
