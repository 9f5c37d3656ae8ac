import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CognitoOptions } from "#local/cognito/cognito.ts";
import { startCognito } from "#local/cognito/cognito.ts";

export const POOL_ID = "us-east-1_Home12345";
export const READ = "smarthome-gateway/read";
export const WRITE = "smarthome-gateway/write";

const client = (clientId: string, properties: Readonly<Record<string, unknown>>) => ({
  clientId,
  properties: {
    UserPoolId: POOL_ID,
    ClientName: `smarthome-${clientId}`,
    AllowedOAuthFlowsUserPoolClient: true,
    SupportedIdentityProviders: ["COGNITO"],
    PreventUserExistenceErrors: "ENABLED",
    ...properties,
  },
});

/** A pool as our template would declare it: a machine, a confidential web client, a public local one. */
export const poolTemplate = (
  pool: Readonly<Record<string, unknown>> = {},
  more: {
    readonly web?: Readonly<Record<string, unknown>>;
    readonly local?: Readonly<Record<string, unknown>>;
    readonly poolId?: string;
    readonly suffix?: string;
  } = {},
): CognitoOptions["pools"][number] => {
  const suffix = more.suffix ?? "";
  return {
    poolId: more.poolId ?? POOL_ID,
    properties: {
      UserPoolName: "smarthome",
      UserPoolTier: "ESSENTIALS",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
        },
      },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] },
      ...pool,
    },
    domain: { Domain: "smarthome-demo", UserPoolId: POOL_ID, ManagedLoginVersion: 2 },
    resourceServers: [
      {
        Identifier: "smarthome-gateway",
        Name: "smarthome-gateway",
        UserPoolId: POOL_ID,
        Scopes: [
          { ScopeName: "read", ScopeDescription: "See the home" },
          { ScopeName: "write", ScopeDescription: "Change the home" },
        ],
      },
    ],
    clients: [
      client(`machine${suffix}`, {
        GenerateSecret: true,
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: [READ, WRITE],
      }),
      client(`web${suffix}`, {
        GenerateSecret: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", READ, WRITE],
        CallbackURLs: ["https://claude.ai/api/mcp/auth_callback", "http://localhost:9/callback"],
        LogoutURLs: ["http://localhost:9/signed-out"],
        ...more.web,
      }),
      client(`local${suffix}`, {
        GenerateSecret: false,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", "email", "phone", "profile", READ, WRITE],
        CallbackURLs: ["http://localhost:9/callback", "http://127.0.0.1:9/callback"],
        ...more.local,
      }),
    ],
    groups: [
      { UserPoolId: POOL_ID, GroupName: "residents", Precedence: 10 },
      { UserPoolId: POOL_ID, GroupName: "operators", Precedence: 5, Description: "May audit" },
      { UserPoolId: POOL_ID, GroupName: "guests", Precedence: 20 },
    ],
  };
};

/** A clock that stands still until it is told otherwise. */
export const clock = (startMs = Date.now()) => {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
};

/** A Cognito with one resident, `ada`, in a directory of its own. */
export const startTestCognito = async (options: Partial<CognitoOptions> = {}) => {
  const directory = mkdtempSync(join(tmpdir(), "cognito-"));
  const file = options.file ?? join(directory, "cognito.sqlite");
  const lines: string[] = [];
  const cognito = await startCognito({
    port: 0,
    region: "us-east-1",
    accountId: "000000000000",
    pools: [poolTemplate()],
    seedUsers: [{ username: "ada", groups: ["residents", "operators"] }],
    log: (line) => lines.push(line),
    ...options,
    file,
  }).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const ada = cognito.seededUsers()[0]?.password ?? "";
  return {
    ...cognito,
    file,
    /** What it logged. */
    lines,
    issuer: `${cognito.url}/${POOL_ID}`,
    /** ada's password */
    password: ada,
    secret: (clientId: string): string => cognito.clientSecret(clientId) ?? "",
    close: async () => {
      await cognito.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

export type TestCognito = Awaited<ReturnType<typeof startTestCognito>>;

/** Posts a form to the token endpoint (or another one). */
export const postForm = async (
  url: string,
  fields: Readonly<Record<string, string>> | Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly json: unknown }> => {
  const body = new URLSearchParams();
  for (const [name, value] of isList(fields) ? fields : Object.entries(fields)) {
    body.append(name, value);
  }
  const response = await fetch(url, { method: "POST", body, headers });
  const text = await response.text();
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
};

type Fields = readonly (readonly [string, string])[];

const isList = (fields: Readonly<Record<string, string>> | Fields): fields is Fields =>
  Array.isArray(fields);

/** The claims of a token, in their order, unverified. */
export const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as Readonly<
    Record<string, unknown>
  >;

/** A browser without a screen: cookies, forms, and redirects that stop before another origin. */
export const browser = (origin: string) => {
  const cookies = new Map<string, string>();
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line) || value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
  };
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: {
        ...(init.headers as Record<string, string>),
        ...(cookie === "" ? {} : { cookie }),
      },
    });
    keep(response);
    return response;
  };
  /** Follows redirects as long as they stay on this server. */
  const follow = async (response: Response): Promise<Page> => {
    let current = response;
    let url = response.url;
    const visited = [url];
    for (;;) {
      const location = current.headers.get("location");
      if (location === null) {
        return {
          url,
          status: current.status,
          headers: current.headers,
          html: await current.text(),
          visited,
        };
      }
      url = new URL(location, url).href;
      visited.push(url);
      if (new URL(url).origin !== origin) {
        return { url, status: current.status, headers: current.headers, html: "", visited };
      }
      current = await send(url);
    }
  };
  return {
    cookies,
    send,
    visit: async (url: string) => follow(await send(url)),
    /** Fills in the form of a page and sends it to where the page says. */
    submit: async (
      page: Page,
      fields: Readonly<Record<string, string>>,
      headers: Readonly<Record<string, string>> = { origin },
    ) => {
      const [, action = ""] = /action="([^"]+)"/.exec(page.html) ?? [];
      const body = new URLSearchParams();
      for (const [, name = "", value = ""] of page.html.matchAll(
        /type="hidden" name="([^"]+)" value="([^"]*)"/g,
      )) {
        body.set(name, value);
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const url = new URL(action.replaceAll("&amp;", "&"), page.url).href;
      return follow(await send(url, { method: "POST", body, headers }));
    },
  };
};

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly visited: readonly string[];
}

/** The address of an authorization request. */
export const authorizeUrl = (
  cognito: { readonly url: string },
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  const query = new URLSearchParams();
  const all = {
    response_type: "code",
    client_id: "web",
    redirect_uri: "http://localhost:9/callback",
    state: "st4te",
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
  return `${cognito.url}/oauth2/authorize?${query}`;
};

/** Signs ada in and gives the address that the browser was sent back to. */
export const signInForCallback = async (
  cognito: TestCognito,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<URL> => {
  const session = browser(cognito.url);
  const form = await session.visit(authorizeUrl(cognito, parameters));
  const done = await session.submit(form, { username: "ada", password: cognito.password });
  return new URL(done.url);
};
