import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { listen } from "#local/wire/http.ts";
import { userPoolApi } from "./api/user-pool-api.ts";
import { application } from "./application.ts";
import type { CognitoContext } from "./pool/context.ts";
import { type PoolTemplate, parsePool } from "./pool/parse-pool.ts";
import { openSecrets } from "./pool/secrets.ts";
import { type SeededUser, seedUsers } from "./pool/seed-users.ts";
import { openSigningKeys } from "./pool/signing-keys.ts";
import { openStore } from "./pool/store.ts";

export interface CognitoOptions {
  readonly port: number;
  /** The SQLite file for keys, users, sessions and refresh tokens. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  readonly pools: readonly PoolTemplate[];
  /** Credentials of the service principal cognito-idp.amazonaws.com, to invoke triggers. */
  readonly access?: () => AwsAccess;
  /** Created in the first pool at the first start, with a password of their own. */
  readonly seedUsers?: readonly { readonly username: string; readonly groups: readonly string[] }[];
  /** Says in the discovery document that PKCE is there, which Cognito does not; for clients that insist on it. */
  readonly advertisesPkce?: boolean;
  readonly log?: (line: string) => void;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** A running local Cognito. */
export interface Cognito {
  /** The issuer of a pool is `${url}/${poolId}`; the sign-in pages and /oauth2 are on the same origin. */
  readonly url: string;
  /** The user-pool API, for the AWS endpoint. */
  readonly service: AwsService;
  clientSecret(clientId: string): string | undefined;
  /** The users of `seedUsers` whose first password still holds. */
  seededUsers(): readonly SeededUser[];
  /** New keys sign from now on; tokens signed before stay valid. */
  rotateSigningKeys(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the user pools of a template: sign-in pages, OAuth endpoints and the user-pool API. */
export const startCognito = async (options: CognitoOptions): Promise<Cognito> => {
  const now = options.now ?? Date.now;
  const pools = options.pools.map((pool) => parsePool(pool, options));
  const store = openStore(options.file);
  // The origin is known only once the port is: until then nothing is answered.
  let handle: RequestListener = (_request, response) => {
    response.writeHead(503).end();
  };
  try {
    const keys = await openSigningKeys(
      store,
      pools.map((pool) => pool.poolId),
      now,
    );
    const secrets = openSecrets(store);
    const [first] = pools;
    const seeded =
      first === undefined
        ? []
        : await seedUsers(store, secrets, first, options.seedUsers ?? [], now());
    const listening = await listen((request, response) => handle(request, response), options.port, {
      name: "Cognito",
      option: "--cognito-port",
    });
    const cognito: CognitoContext = {
      origin: listening.url,
      pools: new Map(pools.map((pool) => [pool.poolId, pool])),
      store,
      secrets,
      keys,
      advertisesPkce: options.advertisesPkce ?? false,
      now,
      ...(options.access === undefined ? {} : { access: options.access }),
      log: options.log ?? (() => undefined),
    };
    const answer = getRequestListener(application(cognito).fetch);
    handle = (request, response) => void answer(request, response);
    let closed: Promise<void> | undefined;
    return {
      url: listening.url,
      service: userPoolApi(cognito),
      seededUsers: () => seeded,
      clientSecret: (clientId) =>
        pools.some((pool) => pool.clients.get(clientId)?.hasSecret)
          ? secrets.clientSecret(clientId)
          : undefined,
      rotateSigningKeys: async () => {
        for (const pool of pools) await keys.rotate(pool.poolId);
      },
      close: () => {
        closed ??= listening.close().then(() => store.close());
        return closed;
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
};
