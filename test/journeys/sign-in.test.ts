import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import * as v2 from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { machineToken } from "../../scripts/command/home-client.ts";
import { claimsOf } from "../local/cognito/support.ts";
import { onAuthorizeUrl, runClient } from "../local/gateway/run-client.ts";
import { assemblyWithout } from "../support/assembly-without.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { personOf, type Tokens } from "../support/person.ts";
import { registeredClient } from "../support/registered-client.ts";

// Clients that nobody here wrote, as the app client for tools on a person's own computer, each with the callback that
// is registered for it. They sign in through the page, list the tools and run a scene.

const READ = "smarthome-gateway/read";
const WRITE = "smarthome-gateway/write";
const READING = [
  "home___get_home",
  "home___get_state",
  "home___plan_scene",
  "home___get_run",
  "home___explain_device",
];
// Without the blinds, which take their time.
const SCENE = { scene: "movie_night", except: ["living room blinds"] };
const RUN_SCENE = { name: "home___run_scene", arguments: SCENE };
const DONE = { scene: "movie_night", result: "done" };

const INSPECTOR = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";
const MCP_REMOTE = "mcp-remote/dist";
const MCP_REMOTE_PORT = 3334;
const INSPECTOR_CALLBACK = "http://127.0.0.1:6276/oauth/callback";

let house: Journey;
beforeAll(async () => {
  house = await startJourney();
});
afterAll(() => house?.close());

// What any of them was given or printed in this file: the last test looks for the one in the other.
const given: string[] = [];
const printed: string[] = [];

const person = (username: string) => personOf(house.home.endpoints, username);
const note = (
  tokens: {
    readonly [K in keyof Tokens]?: string | undefined;
  },
): void => {
  for (const token of [tokens.access_token, tokens.id_token, tokens.refresh_token]) {
    if (token !== undefined) given.push(token);
  }
};
const signedIn = async (username: string, scope: string): Promise<Tokens> => {
  const tokens = await person(username).tokens(scope);
  note(tokens);
  return tokens;
};
const scopesIn = (token: string): readonly string[] => String(claimsOf(token).scope).split(" ");

/** A browser that follows an authorization address, signs in and comes back to the client's own callback. */
const visitAs = (username: string, of: Journey = house) => {
  const visitor = personOf(of.home.endpoints, username);
  return async (url: string) => fetch(await visitor.signIn(url));
};

const mcpRemoteArguments = (of: Journey): string[] => [
  of.home.endpoints.gateway.url,
  String(MCP_REMOTE_PORT),
  "--allow-http",
  "--static-oauth-client-info",
  JSON.stringify({ client_id: of.home.endpoints.cognito.clients.local.clientId }),
];

describe("a resident signs in through the page, lists the tools and runs a scene", () => {
  test("with the MCP SDK, version 1", async () => {
    const auth = registeredClient(house.home.endpoints);
    const connect = () =>
      new TransportV1(new URL(house.home.endpoints.gateway.url), { authProvider: auth });
    const client = new ClientV1({ name: "test", version: "1" });

    const first = connect();
    await expect(client.connect(first)).rejects.toMatchObject({ name: "Error" });
    const callback = await person("resident").signIn(auth.kept.asked[0]?.href ?? "");
    await first.finishAuth(callback.searchParams.get("code") ?? "");
    await client.connect(connect());
    const { tools } = await client.listTools();
    const result = await client.callTool(RUN_SCENE);
    await client.close();
    note(auth.kept.tokens ?? {});

    expect(auth.kept.asked[0]?.searchParams.get("scope")).toBe(`${READ} ${WRITE}`);
    expect(tools.map(({ name }) => name)).toContain("home___run_scene");
    expect(result.structuredContent).toMatchObject(DONE);
  });

  test("with the MCP SDK, version 2; the audit has the person's name", async () => {
    const auth = registeredClient(house.home.endpoints);
    const connect = () =>
      new v2.StreamableHTTPClientTransport(new URL(house.home.endpoints.gateway.url), {
        authProvider: auth,
      });
    const client = new v2.Client({ name: "test", version: "1" });

    const first = connect();
    await expect(client.connect(first)).rejects.toBeInstanceOf(v2.UnauthorizedError);
    const callback = await person("resident").signIn(auth.kept.asked[0]?.href ?? "");
    await first.finishAuth(callback.searchParams);
    await client.connect(connect());
    const { tools } = await client.listTools();
    const result = await client.callTool(RUN_SCENE);
    await client.close();
    note(auth.kept.tokens ?? {});

    expect(auth.kept.asked[0]?.searchParams.get("scope")).toBe(`${READ} ${WRITE}`);
    expect(tools.map(({ name }) => name)).toContain("home___run_scene");
    expect(result.structuredContent).toMatchObject(DONE);
    const { run_id } = result.structuredContent as { readonly run_id: string };
    const audit = await house.auditOf(run_id);
    expect(audit.find((item) => item.SK === "RUN")?.caller).toMatchObject({
      clientId: house.home.endpoints.cognito.clients.local.clientId,
      username: "resident",
      scopes: ["read", "write"],
    });
  });

  test("with mcp-remote, the bridge for clients that only start programs", async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [
        join(process.cwd(), "node_modules", MCP_REMOTE, "proxy.js"),
        ...mcpRemoteArguments(house),
      ],
      env: { HOME: house.data, MCP_REMOTE_CONFIG_DIR: join(house.data, "mcp-remote"), PATH: "" },
      stderr: "pipe",
    });
    let said = "";
    const visit = onAuthorizeUrl(visitAs("resident"), "OAuth callback server running");
    transport.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      visit(said);
    });
    const client = new ClientV1({ name: "test", version: "1" });
    onTestFinished(() => client.close());

    await client.connect(transport);
    const { tools } = await client.listTools();
    const result = await client.callTool(RUN_SCENE);
    printed.push(said);

    expect(tools.map(({ name }) => name)).toContain("home___run_scene");
    expect(result.structuredContent).toMatchObject(DONE);
  });

  test("with the MCP Inspector in the terminal", async () => {
    const inspect = async (...call: readonly string[]) => {
      const { clientId } = house.home.endpoints.cognito.clients.local;
      const ran = await runClient(
        INSPECTOR,
        [
          ...["--cli", "--transport", "http", "--server-url", house.home.endpoints.gateway.url],
          ...["--client-id", clientId, "--callback-url", INSPECTOR_CALLBACK, ...call],
        ],
        {
          env: { MCP_AUTO_OPEN_ENABLED: "true" },
          onOutput: onAuthorizeUrl(visitAs("resident")),
        },
      );
      printed.push(ran.stdout, ran.stderr);
      return ran;
    };

    const listed = await inspect("--method", "tools/list", "--format", "json");
    const called = await inspect(
      ...["--method", "tools/call", "--tool-name", "home___run_scene"],
      ...["--tool-arg", "scene=movie_night", `except=${JSON.stringify(SCENE.except)}`],
    );

    expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining("home___run_scene")]);
    expect([called.code, called.stdout]).toEqual([0, expect.stringMatching(/result[\\": ]+done/)]);
  });
});

// REQ: rights-by-group
describe("rights follow the person", () => {
  test.for([
    ["guest", READ, [READ]],
    ["guest", `${READ} ${WRITE}`, [READ]],
    ["guest", WRITE, [READ]],
    ["resident", READ, [READ, WRITE]],
    ["operator", `openid ${READ} ${WRITE}`, [READ, WRITE, "openid"]],
  ] as const)("a %s whose client asks for %s gets %j", async ([username, asked, expected]) => {
    const first = await signedIn(username, asked);
    const second = await person(username).refresh(first.refresh_token);
    note(second);

    expect([...scopesIn(first.access_token)].sort()).toEqual([...expected].sort());
    expect([...scopesIn(second.access_token)].sort()).toEqual([...expected].sort());
  });

  test("a guest sees the tools that read, and is told by run_scene that a guest may not", async () => {
    const { access_token } = await signedIn("guest", `${READ} ${WRITE}`);
    const requestInit = { headers: { authorization: `Bearer ${access_token}` } };
    const { url } = house.home.endpoints.gateway;
    const client = new v2.Client({ name: "test", version: "1" });
    await client.connect(new v2.StreamableHTTPClientTransport(new URL(url), { requestInit }));

    const { tools } = await client.listTools();
    const home = await client.callTool({ name: "home___get_home", arguments: {} });
    const refused = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...requestInit.headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: RUN_SCENE }),
    });
    await client.close();

    expect(tools.map(({ name }) => name)).toEqual(READING);
    expect(home.isError).toBe(false);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([
      200,
      "application/json",
    ]);
    expect(await refused.json()).toMatchObject({
      result: {
        isError: true,
        structuredContent: {
          error: {
            code: "NotAllowed",
            message: "A guest may look, not switch. Nothing was changed.",
          },
        },
      },
    });
  });

  // REQ: guest-told-plainly
  test("a guest's client does not sign in again for run_scene, because that could not help", async () => {
    const auth = registeredClient(house.home.endpoints);
    auth.saveTokens({ ...(await signedIn("guest", READ)), token_type: "Bearer" });
    const transport = new v2.StreamableHTTPClientTransport(
      new URL(house.home.endpoints.gateway.url),
      { authProvider: auth },
    );
    const client = new v2.Client({ name: "test", version: "1" });
    await client.connect(transport);

    const told = await client.callTool(RUN_SCENE);
    await client.close();

    expect(told.isError).toBe(true);
    expect(auth.kept.asked).toEqual([]);
  });

  // REQ: token-for-another
  test("a person's token for another server is refused here, and its own challenge asks for one for here", async () => {
    const elsewhere = await person("resident").tokens(`${READ} ${WRITE}`, {
      resource: "https://tools.example/mcp",
    });
    const here = await person("resident").tokens(`${READ} ${WRITE}`, {
      resource: house.home.endpoints.gateway.url,
    });
    note(elsewhere);
    note(here);
    const ping = (token: string) =>
      fetch(house.home.endpoints.gateway.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      });

    const refused = await ping(elsewhere.access_token);
    const served = await ping(here.access_token);

    expect(served.status).toBe(200);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await refused.json()).toMatchObject({
      error: { message: "The token is meant for another server." },
    });
  });

  test("somebody in no group is not let in; put into residents, the next refresh lets them write", async () => {
    const { aws, cognito, gateway } = house.home.endpoints;
    const admin = new CognitoIdentityProviderClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: house.home.stack.aws.credentials,
    });
    const user = { UserPoolId: cognito.issuer.split("/").at(-1), Username: "newcomer" };
    const Password = "Correct-Horse-7-Battery";
    given.push(Password);
    await admin.send(new AdminCreateUserCommand({ ...user, TemporaryPassword: "Temporary-1234" }));
    await admin.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const newcomer = personOf(house.home.endpoints, "newcomer", Password);
    const ping = (token: string) =>
      fetch(gateway.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      });

    const before = await newcomer.tokens(`openid ${READ} ${WRITE}`);
    const shut = await ping(before.access_token);
    await admin.send(new AdminAddUserToGroupCommand({ ...user, GroupName: "residents" }));
    const after = await newcomer.refresh(before.refresh_token);
    const open = await ping(after.access_token);
    admin.destroy();
    note(before);
    note(after);

    expect(scopesIn(before.access_token)).toEqual(["openid"]);
    expect(shut.status).toBe(403);
    expect(shut.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    expect([...scopesIn(after.access_token)].sort()).toEqual(["openid", READ, WRITE].sort());
    expect(open.status).toBe(200);
  });

  test("a machine keeps what Cognito gave it", async () => {
    const token = await machineToken(house.home.endpoints);
    given.push(token);

    expect(scopesIn(token)).toEqual([READ, WRITE]);
  });
});

// REQ: scopes-advertised
test("without allowedScopes mcp-remote asks for Cognito's four scopes and fails on invalid_scope, as Claude's connector did", async () => {
  const without = await startJourney({ assembly: assemblyWithout({ allowedScopes: [] }) });
  onTestFinished(() => without.close());

  const ran = await runClient(`${MCP_REMOTE}/client.js`, mcpRemoteArguments(without), {
    onOutput: onAuthorizeUrl(visitAs("resident", without), "OAuth callback server running"),
  });
  printed.push(ran.stdout, ran.stderr);

  const output = ran.stdout + ran.stderr;
  expect(output).toContain("scope=openid+email+phone+profile");
  expect(output).toContain("Authorization failed: invalid_request - invalid_scope");
  expect(ran.code).toBe(1);
});

test("no token, secret or password of all this is in a log or in what a program printed", async () => {
  for (const script of ["scene.ts", "audit.ts"]) {
    const args = script === "scene.ts" ? ["movie_night", "--json"] : [];
    const ran = await runClient(`../scripts/${script}`, [...args, "--data", house.data]);
    printed.push(ran.stdout, ran.stderr);
  }
  const { cognito, aws } = house.home.endpoints;
  const secrets = [
    ...given,
    ...cognito.users.map((user) => user.password),
    ...Object.values(cognito.clients).flatMap(({ clientSecret }) => clientSecret ?? []),
    aws.secretAccessKey,
  ];
  const directory = join(house.data, "logs");
  const logs = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => [
      entry.name,
      readFileSync(join(entry.parentPath, entry.name), "utf8"),
    ]);

  const places = [
    ...logs,
    ["the stack", house.logged.join("\n")],
    ["programs", printed.join("\n")],
  ];

  // As many as were signed in above, so that an empty search does not pass for a clean one.
  expect(given.length).toBeGreaterThanOrEqual(20);
  expect(logs.length).toBeGreaterThanOrEqual(7);
  expect(logs.some(([, text]) => text.includes("movie_night"))).toBe(true);
  const found = places.filter(
    ([, text = ""]) => text.includes("eyJ") || secrets.some((secret) => text.includes(secret)),
  );
  expect(found.map(([name]) => name)).toEqual([]);
});
