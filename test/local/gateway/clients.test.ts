import * as v2 from "@modelcontextprotocol/client";
import { ClientCredentialsProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, test } from "vitest";
import { claimsOf, READ, WRITE } from "../cognito/support.ts";
import { onAuthorizeUrl, runClient } from "./run-client.ts";
import { startSignedInGateway } from "./signed-in-gateway.ts";
import { closedPort, REQUEST_ARN } from "./support.ts";

// Clients that nobody here wrote, each signing in through the page and calling a tool.

type Stack = Awaited<ReturnType<typeof startSignedInGateway>>;

const open: Stack[] = [];
afterEach(async () => {
  for (const stack of open.splice(0)) await stack.close();
});
const start = async (options: Parameters<typeof startSignedInGateway>[0] = {}): Promise<Stack> => {
  const stack = await startSignedInGateway(options);
  open.push(stack);
  return stack;
};

const CALL = { name: "home___run_scene", arguments: { scene: "goodnight" } };
const TEXT = '{"status":"done","asked":{"scene":"goodnight"}}';
const TOOLS = ["home___run_scene", "home___get_home"];

/** What both SDKs need to know of a client that is registered beforehand, and what they leave behind. */
const provider = (stack: Stack, clientId: string) => {
  const kept: {
    verifier: string;
    tokens?: v2.OAuthTokens;
    asked: URL[];
    discovered?: v2.OAuthDiscoveryState;
  } = {
    verifier: "",
    asked: [],
  };
  const secret = stack.cognito.secret(clientId);
  return {
    kept,
    redirectUrl: "http://localhost:9/callback",
    clientMetadata: { redirect_uris: ["http://localhost:9/callback"], client_name: "test" },
    state: () => "st4te",
    clientInformation: () => ({
      client_id: clientId,
      ...(secret === "" ? {} : { client_secret: secret }),
    }),
    tokens: () => kept.tokens,
    saveTokens: (tokens: v2.OAuthTokens) => {
      kept.tokens = { ...tokens, issuer: stack.cognito.issuer };
    },
    redirectToAuthorization: (url: URL) => {
      kept.asked.push(url);
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier,
    saveDiscoveryState: (state: v2.OAuthDiscoveryState) => {
      kept.discovered = state;
    },
    discoveryState: () => kept.discovered,
  };
};

describe.each(["local", "web"])("the MCP SDK, version 1, as client %s", (clientId) => {
  test("signs in with both scopes, lists the tools and calls one", async () => {
    const stack = await start();
    const auth = provider(stack, clientId);
    const connect = () => new TransportV1(new URL(stack.url), { authProvider: auth });
    const client = new ClientV1({ name: "test", version: "1" });

    const first = connect();
    await expect(client.connect(first)).rejects.toMatchObject({ name: "Error" });
    const callback = await stack.signIn(auth.kept.asked[0]?.href ?? "");
    await first.finishAuth(callback.searchParams.get("code") ?? "");
    await client.connect(connect());
    const { tools } = await client.listTools();
    const result = await client.callTool(CALL);
    await client.close();

    expect(auth.kept.asked[0]?.searchParams.get("scope")).toBe(`${READ} ${WRITE}`);
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    expect(result).toMatchObject({ isError: false, content: [{ type: "text", text: TEXT }] });
    expect(claimsOf(auth.kept.tokens?.access_token ?? "").aud).toBe(stack.url);
  });
});

describe.each(["local", "web"])("the MCP SDK, version 2, as client %s", (clientId) => {
  test("signs in with both scopes, lists the tools and calls one", async () => {
    const stack = await start();
    const auth = provider(stack, clientId);
    const connect = () =>
      new v2.StreamableHTTPClientTransport(new URL(stack.url), { authProvider: auth });
    const client = new v2.Client({ name: "test", version: "1" });

    const first = connect();
    await expect(client.connect(first)).rejects.toBeInstanceOf(v2.UnauthorizedError);
    const callback = await stack.signIn(auth.kept.asked[0]?.href ?? "");
    await first.finishAuth(callback.searchParams);
    await client.connect(connect());
    const { tools } = await client.listTools();
    const result = await client.callTool(CALL);
    await client.close();

    expect(auth.kept.asked[0]?.searchParams.get("scope")).toBe(`${READ} ${WRITE}`);
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    expect(result).toMatchObject({ isError: false, content: [{ type: "text", text: TEXT }] });
  });
});

describe("the MCP SDK", () => {
  test("version 1 comes in as a machine", async () => {
    const stack = await start();
    const client = new ClientV1({ name: "test", version: "1" });

    await client.connect(
      new TransportV1(new URL(stack.url), {
        authProvider: new ClientCredentialsProvider({
          clientId: "machine",
          clientSecret: stack.cognito.secret("machine"),
          expectedIssuer: stack.cognito.issuer,
        }),
      }),
    );
    const result = await client.callTool(CALL);
    await client.close();

    expect(result).toMatchObject({ isError: false });
  });

  test("version 2 falls back to a version that the gateway speaks, and refuses one that it does not", async () => {
    const stack = await start();
    const requestInit = { headers: { authorization: `Bearer ${await stack.machineToken()}` } };
    const connect = async (mode: "auto" | "legacy" | { pin: string }) => {
      const client = new v2.Client(
        { name: "test", version: "1" },
        { versionNegotiation: { mode } },
      );
      await client.connect(
        new v2.StreamableHTTPClientTransport(new URL(stack.url), { requestInit }),
      );
      const { tools } = await client.listTools();
      await client.close();
      return tools.length;
    };

    expect(await connect("legacy")).toBe(2);
    expect(await connect("auto")).toBe(2);
    await expect(connect({ pin: "2026-07-28" })).rejects.toThrow();
  });

  test("version 2 steps up when a tool asks for a scope that the token has not", async () => {
    const stack = await start({
      gateway: {
        InterceptorConfigurations: [
          {
            InterceptionPoints: ["REQUEST"],
            Interceptor: { Lambda: { Arn: REQUEST_ARN } },
            InputConfiguration: { PassRequestHeaders: true },
          },
        ],
      },
      handlers: {
        [REQUEST_ARN]: (event) => {
          const { headers, body } = (
            event as {
              mcp: {
                gatewayRequest: {
                  headers: Record<string, string>;
                  body: { id: unknown; method: string };
                };
              };
            }
          ).mcp.gatewayRequest;
          const bearer = headers.authorization ?? headers.Authorization ?? "";
          const { scope } = claimsOf(bearer.slice("Bearer ".length));
          const allowed = body.method !== "tools/call" || String(scope).includes(WRITE);
          const challenge = `Bearer error="insufficient_scope", scope="${READ} ${WRITE}"`;
          return {
            interceptorOutputVersion: "1.0",
            mcp: allowed
              ? { transformedGatewayRequest: { headers: {}, body } }
              : {
                  transformedGatewayResponse: {
                    statusCode: 403,
                    headers: { "WWW-Authenticate": challenge },
                    body: { jsonrpc: "2.0", id: body.id, error: { code: -32_003, message: "no" } },
                  },
                },
          };
        },
      },
    });
    const auth = provider(stack, "local");
    const readOnly = await stack.signIn(
      `${stack.cognito.url}/oauth2/authorize?response_type=code&client_id=local&redirect_uri=${encodeURIComponent("http://localhost:9/callback")}&scope=${encodeURIComponent(READ)}`,
    );
    const tokens = await fetch(`${stack.cognito.url}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: "local",
        redirect_uri: "http://localhost:9/callback",
        code: readOnly.searchParams.get("code") ?? "",
      }),
    });
    auth.saveTokens((await tokens.json()) as v2.OAuthTokens);
    const client = new v2.Client({ name: "test", version: "1" });
    const transport = new v2.StreamableHTTPClientTransport(new URL(stack.url), {
      authProvider: auth,
    });
    await client.connect(transport);

    const { tools } = await client.listTools();
    await expect(client.callTool(CALL)).rejects.toBeInstanceOf(v2.UnauthorizedError);
    const callback = await stack.signIn(auth.kept.asked[0]?.href ?? "");
    await transport.finishAuth(callback.searchParams);
    const result = await client.callTool(CALL);
    await client.close();

    expect(tools).toHaveLength(2);
    expect(auth.kept.asked[0]?.searchParams.get("scope")?.split(" ")).toEqual(
      expect.arrayContaining([READ, WRITE]),
    );
    expect(result).toMatchObject({ isError: false });
  });
});

describe("mcp-remote", () => {
  const run = async (stack: Stack, port: number) => {
    const info = { client_id: "web", client_secret: stack.cognito.secret("web") };
    return runClient(
      "mcp-remote/dist/client.js",
      [stack.url, String(port), "--allow-http", "--static-oauth-client-info", JSON.stringify(info)],
      {
        onOutput: onAuthorizeUrl(
          async (url) => fetch(await stack.signIn(url)),
          "OAuth callback server running",
        ),
      },
    );
  };

  test("signs in and lists the tools when the gateway names its scopes", async () => {
    const port = await closedPort();
    const stack = await start({ callbacks: [`http://localhost:${port}/oauth/callback`] });

    const ran = await run(stack, port);

    expect([ran.code, ran.stdout + ran.stderr]).toEqual([
      0,
      expect.stringContaining("home___run_scene"),
    ]);
  });

  test("asks for every scope of Cognito and is refused when the gateway names none", async () => {
    const port = await closedPort();
    const stack = await start({
      callbacks: [`http://localhost:${port}/oauth/callback`],
      advertisesScopes: false,
    });

    const ran = await run(stack, port);

    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toContain(
      "Authorization failed: invalid_request - invalid_scope",
    );
  });
});

describe("the MCP Inspector in the terminal", () => {
  const LAUNCHER = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";

  test("signs in through the page and lists the tools", async () => {
    const port = await closedPort();
    const callback = `http://127.0.0.1:${port}/oauth/callback`;
    const stack = await start({ callbacks: [callback] });

    const ran = await runClient(
      LAUNCHER,
      `--cli --server-url ${stack.url} --transport http --method tools/list --format json --client-id local --callback-url ${callback}`.split(
        " ",
      ),
      {
        env: { MCP_AUTO_OPEN_ENABLED: "true" },
        onOutput: onAuthorizeUrl(async (url) => fetch(await stack.signIn(url))),
      },
    );

    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining("home___get_home")]);
  });

  test("calls a tool with a machine's token", async () => {
    const stack = await start();

    const ran = await runClient(LAUNCHER, [
      ..."--cli --transport http --method tools/call --tool-name home___run_scene --tool-arg scene=goodnight --server-url".split(
        " ",
      ),
      stack.url,
      "--header",
      `Authorization: Bearer ${await stack.machineToken()}`,
    ]);

    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining("goodnight")]);
  });
});
