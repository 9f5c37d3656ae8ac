import type { DatabaseSync } from "node:sqlite";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { Client, Pool } from "./pool.ts";
import type { Secrets } from "./secrets.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** What every page and endpoint of the local Cognito works with. */
export interface CognitoContext {
  /** `http://localhost:PORT`: the issuer's and the sign-in domain's origin. */
  readonly origin: string;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly store: DatabaseSync;
  readonly secrets: Secrets;
  readonly keys: SigningKeys;
  /** Whether the discovery document has a field more than Cognito's. */
  readonly advertisesPkce: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Credentials of the service itself, to invoke triggers. */
  readonly access?: () => AwsAccess;
  readonly log: (line: string) => void;
}

/** An app client and the pool it belongs to; client ids are unique across pools, as at Cognito. */
export interface PoolClient {
  readonly pool: Pool;
  readonly client: Client;
}

/** Finds an app client whose pool has a domain: without one there is no /oauth2. */
export const findClient = (cognito: CognitoContext, clientId: string): PoolClient | undefined => {
  for (const pool of cognito.pools.values()) {
    const client = pool.clients.get(clientId);
    if (client !== undefined) return pool.domain !== undefined ? { pool, client } : undefined;
  }
  return undefined;
};

/** Seconds since 1970, as tokens count. */
export const epochSeconds = (cognito: CognitoContext): number => Math.floor(cognito.now() / 1000);
