import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { HomeError } from "#domain/home-error.ts";
import { parseJsonObject } from "#domain/json.ts";
import { httpPost } from "./http-post.ts";
import { readMachineSecret } from "./machine-secret.ts";
import { createTokenCache, type IssuedToken, type TokenCache } from "./token-cache.ts";

const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
// Everybody's schedules are of a full hour, and Cognito counts all machines of an account together.
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Of the 120 s that start-scheduled-scene has, the session may need 30 and the call 65. */
const PATIENCE_MS = 20_000;

export interface MachineSignIn {
  readonly secretArn: string;
  readonly tokenUrl: string;
}

/** The machine client's tokens: asked for once in three quarters of a token's life, by everybody in this process. */
export const machineTokens = (signIn: MachineSignIn): TokenCache =>
  createTokenCache(() => askForToken(signIn));

/**
 * Asks Cognito's token endpoint by client_credentials. While it throttles or is out of order it is asked again, ever more
 * seldom and never at once with the others, as long as the function's time allows.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 * @throws HomeError `SignInFailed`, which names neither the secret nor what was sent
 */
const askForToken = async ({ secretArn, tokenUrl }: MachineSignIn): Promise<IssuedToken> => {
  const giveUpAtMs = Date.now() + PATIENCE_MS;
  const { clientId, clientSecret } = await readMachineSecret(secretArn);
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  for (let attempt = 0; ; attempt += 1) {
    const end = await tryOnce(tokenUrl, authorization);
    if (end.token !== undefined) return end.token;
    const pauseMs = randomInt(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) + 1);
    if (!end.isPassing || Date.now() + pauseMs + ANSWER_MS > giveUpAtMs) {
      throw new HomeError("SignInFailed", `The machine client was given no token: ${end.why}.`);
    }
    await pause(pauseMs);
  }
};

type Attempt =
  | { readonly token: IssuedToken }
  | { readonly token?: never; readonly isPassing: boolean; readonly why: string };

const tryOnce = async (url: string, authorization: string): Promise<Attempt> => {
  try {
    const { status, text } = await httpPost({
      url,
      headers: { "content-type": "application/x-www-form-urlencoded", authorization },
      body: "grant_type=client_credentials",
      connectMs: CONNECT_MS,
      totalMs: ANSWER_MS,
    });
    const token = status === 200 ? parseToken(text) : undefined;
    if (token !== undefined) return { token };
    return { isPassing: isPassing(status, text), why: inWords(status, text) };
  } catch (error) {
    // Node's codes name what happened, not what was sent.
    return { isPassing: true, why: `it cannot be reached (${codeOf(error)})` };
  }
};

// Cognito says "too many" with 400 as well as with 429.
const isPassing = (status: number, text: string): boolean =>
  status === 429 ||
  status >= 500 ||
  (status === 400 && /TooManyRequests|rate exceeded/i.test(text));

const inWords = (status: number, text: string): string => {
  const body = parseJsonObject(text);
  // OAuth's own words, such as invalid_client; an error's free text might say anything.
  const code = typeof body?.error === "string" ? /^[\w.]{1,60}/.exec(body.error)?.[0] : undefined;
  return `HTTP ${status}${code === undefined ? "" : `, ${code}`}`;
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
};

const parseToken = (text: string): IssuedToken | undefined => {
  const body = parseJsonObject(text);
  if (typeof body?.access_token !== "string" || body.access_token === "") return undefined;
  const { expires_in: seconds } = body;
  return {
    token: body.access_token,
    expiresInSeconds: typeof seconds === "number" && seconds > 0 ? seconds : 0,
  };
};
