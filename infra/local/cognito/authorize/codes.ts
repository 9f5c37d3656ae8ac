import { randomUUID } from "node:crypto";
import { type CognitoContext, epochSeconds } from "../pool/context.ts";
import { digest } from "../pool/secrets.ts";
import type { Session } from "../pool/sessions.ts";
import type { AuthorizeRequest } from "./authorize-request.ts";

/** "Authorization codes are valid for five minutes." */
const CODE_SECONDS = 300;

/** What a code stands for. */
export interface Code {
  readonly clientId: string;
  readonly username: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly authTime: number;
  readonly nonce?: string;
  readonly challenge?: string;
  readonly resource?: string;
}

/** Makes a code for a checked request of someone who is signed in; only its digest is kept. */
export const issueCode = (
  cognito: CognitoContext,
  { client, redirectUri, scopes, parameters }: AuthorizeRequest,
  { user, authTime }: Session,
): string => {
  const now = epochSeconds(cognito);
  cognito.store.prepare("delete from code where expires_at <= ?").run(now);
  const code = randomUUID();
  cognito.store
    .prepare("insert into code values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(
      digest(code),
      client.clientId,
      user.username,
      redirectUri,
      scopes.join(" "),
      parameters.get("nonce") ?? null,
      parameters.get("code_challenge") ?? null,
      parameters.get("resource") ?? null,
      authTime,
      now + CODE_SECONDS,
    );
  return code;
};

/** Takes a code out: whoever shows it, it is good for this one try. */
export const takeCode = (cognito: CognitoContext, code: string): Code | undefined => {
  const row = cognito.store
    .prepare("delete from code where hash = ? returning *")
    .get(digest(code));
  if (row === undefined || Number(row.expires_at) <= epochSeconds(cognito)) return undefined;
  return {
    clientId: String(row.client_id),
    username: String(row.username),
    redirectUri: String(row.redirect_uri),
    scopes: String(row.scope).split(" "),
    authTime: Number(row.auth_time),
    ...(typeof row.nonce === "string" ? { nonce: row.nonce } : {}),
    ...(typeof row.challenge === "string" ? { challenge: row.challenge } : {}),
    ...(typeof row.resource === "string" ? { resource: row.resource } : {}),
  };
};
