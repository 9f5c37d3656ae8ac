import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRedactor } from "../../../scripts/doctor/redactor.ts";
import type { Candidate } from "../../../scripts/test-gateway/candidate.ts";
import type { Step } from "../../../scripts/test-gateway/step.ts";
import { walk } from "../../../scripts/test-gateway/walk.ts";
import { ROOT } from "../../support/command.ts";
import { type Answer, type Heard, startScriptedServer } from "../../support/scripted-server.ts";

const SECRET = "the-secret+of/the test";
const TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.of-the-test";

const TOOLS = ["home___get_home", "home___run_scene"];

/** Of a JSON-RPC request its method, and of a call its tool. */
const askedOf = ({ path, body }: Heard): string => {
  if (path !== "/mcp") return "token";
  const { method, params } = JSON.parse(body) as {
    readonly method: string;
    readonly params?: { readonly name?: string };
  };
  return method === "tools/call" ? (params?.name ?? "") : method;
};

const result = (value: unknown): Answer => ({
  status: 200,
  body: { jsonrpc: "2.0", id: 1, result: value },
});

const tool = (structuredContent: unknown): Answer => result({ structuredContent });

const HEALTHY: Readonly<Record<string, Answer>> = {
  token: { status: 200, body: { access_token: TOKEN, expires_in: 3600, token_type: "Bearer" } },
  initialize: result({ protocolVersion: "2025-11-25", serverInfo: { name: "a gateway" } }),
  "notifications/initialized": { status: 202, body: "" },
  "tools/list": result({ tools: TOOLS.map((name) => ({ name })) }),
  home___get_home: tool({ say: "The home has 14 devices in 5 rooms and 4 scenes." }),
  home___run_scene: tool({ run_id: "run_1", result: "done", say: "Goodnight is done." }),
};

/** A server, of which some answers are spoiled, and who calls it. */
const serve = async (spoiled: Readonly<Record<string, Answer>> = {}) => {
  const answers = { ...HEALTHY, ...spoiled };
  const server = await startScriptedServer((heard) => answers[askedOf(heard)]);
  onTestFinished(() => server.close());
  const candidate: Candidate = {
    url: `${server.origin}/mcp`,
    tokenUrl: `${server.origin}/oauth2/token`,
    clientId: "machine",
    clientSecret: SECRET,
  };
  return { server, candidate };
};

const stepsOf = (candidate: Candidate): Promise<readonly Step[]> =>
  walk(candidate, createRedactor(), () => undefined);

const aTime: unknown = expect.any(Number);

// REQ: gateway-tested
test("every step is taken in its order and timed, and without a scene nothing is changed", async () => {
  const { server, candidate } = await serve();

  const steps = await stepsOf(candidate);

  const ok = { ok: true, tookMs: aTime, code: "Ok" };
  expect(steps).toEqual([
    { step: "token", ...ok, summary: "The machine client has a token, for 3600 s." },
    { step: "initialize", ...ok, summary: "a gateway speaks MCP 2025-11-25." },
    { step: "tools/list", ...ok, summary: "2 tools: home___get_home, home___run_scene." },
    { step: "get_home", ...ok, summary: "The home has 14 devices in 5 rooms and 4 scenes." },
  ]);
  expect(server.heard.map(askedOf)).toEqual([
    "token",
    "initialize",
    "notifications/initialized",
    "tools/list",
    "home___get_home",
  ]);
});

test("a scene is run where it is asked for, in the home that is named", async () => {
  const { server, candidate } = await serve();

  const steps = await stepsOf({ ...candidate, home: "cabin", scene: "goodnight" });

  expect(steps.at(-1)).toMatchObject({
    step: "run_scene",
    ok: true,
    summary: "Goodnight is done. (run_1)",
  });
  expect(JSON.parse(server.heard.at(-1)?.body ?? "")).toMatchObject({
    params: {
      name: "home___run_scene",
      arguments: { home: "cabin", scene: "goodnight", reason: "npm run test-gateway" },
    },
  });
});

const oauth = (status: number, error: string): Answer => ({ status, body: { error } });
const page = (status: number): Answer => ({
  status,
  headers: { "content-type": "text/html" },
  body: "<html>",
});
const refusal = (code: string, message: string): Answer => tool({ error: { code, message } });

interface Row {
  readonly is: string;
  readonly spoiled?: Readonly<Record<string, Answer>>;
  readonly change?: (candidate: Candidate) => Partial<Candidate>;
  readonly step: Step["step"];
  readonly code: string;
  /** What the next step must name. */
  readonly names: string;
}

// biome-ignore format: one row a failure
const ROWS: readonly Row[] = [
  { is: "a name that nobody has", change: () => ({ tokenUrl: "http://nobody.invalid/oauth2/token" }), step: "token", code: "DnsFailed", names: "nobody.invalid" },
  { is: "TLS where none is spoken", change: ({ tokenUrl }) => ({ tokenUrl: tokenUrl.replace("http:", "https:") }), step: "token", code: "TlsFailed", names: "certificate" },
  { is: "a port where nobody listens", change: () => ({ url: "http://127.0.0.1:65533/mcp" }), step: "initialize", code: "ConnectionFailed", names: "npm start" },
  { is: "a secret that is not the client's", spoiled: { token: oauth(400, "invalid_client") }, step: "token", code: "InvalidClient", names: "MachineClientId" },
  { is: "a client that is for people", spoiled: { token: oauth(400, "unauthorized_client") }, step: "token", code: "UnauthorizedClient", names: "machine client" },
  { is: "a client without scopes", spoiled: { token: oauth(400, "invalid_scope") }, step: "token", code: "InvalidScope", names: "smarthome-gateway/write" },
  { is: "tokens that are throttled with 429", spoiled: { token: page(429) }, step: "token", code: "TokenThrottled", names: "Wait" },
  { is: "tokens that are throttled with 400", spoiled: { token: oauth(400, "TooManyRequestsException") }, step: "token", code: "TokenThrottled", names: "three quarters" },
  { is: "another refusal of a token", spoiled: { token: oauth(400, "invalid_request") }, step: "token", code: "TokenRefused", names: "--token-url" },
  { is: "a token endpoint that is out of order", spoiled: { token: page(503) }, step: "token", code: "ServerError", names: "Try again" },
  { is: "a page in place of a token", spoiled: { token: page(200) }, step: "token", code: "NotJson", names: "/oauth2/token" },
  { is: "a token that is not accepted", spoiled: { initialize: { status: 401 } }, step: "initialize", code: "TokenNotAccepted", names: "clock" },
  { is: "a token that may not list", spoiled: { "tools/list": { status: 403 } }, step: "tools/list", code: "NotAllowed", names: "scopes" },
  { is: "an address without /mcp", spoiled: { initialize: page(404) }, step: "initialize", code: "NotFound", names: "/mcp" },
  { is: "too many calls", spoiled: { home___get_home: { status: 429, body: { error: { code: -32003, message: "Rate exceeded" } } } }, step: "get_home", code: "Throttled", names: "minute" },
  { is: "a gateway that is out of order", spoiled: { "tools/list": page(502) }, step: "tools/list", code: "ServerError", names: "intercept-tool-call" },
  { is: "a redirect", spoiled: { initialize: { status: 307, headers: { location: "https://elsewhere.example/" } } }, step: "initialize", code: "Redirected", names: "address" },
  { is: "a page in place of JSON", spoiled: { initialize: page(200) }, step: "initialize", code: "NotJson", names: "/mcp" },
  { is: "an error of the protocol", spoiled: { initialize: { status: 200, body: { id: 1, error: { code: -32602, message: "no" } } } }, step: "initialize", code: "ProtocolError", names: "2025-11-25" },
  { is: "tools that are not shown", spoiled: { "tools/list": result({ tools: [] }) }, step: "tools/list", code: "ToolsMissing", names: "scopes" },
  { is: "a machine that belongs to no home", spoiled: { home___get_home: refusal("NoHome", "You belong to no home.") }, step: "get_home", code: "NoHome", names: "add-user -- --machine" },
  { is: "a machine with several homes", spoiled: { home___get_home: refusal("HomeAmbiguous", "You have 2 homes.") }, step: "get_home", code: "HomeAmbiguous", names: "--home" },
  { is: "a function that failed", spoiled: { home___get_home: result({ isError: true, content: [{ type: "text", text: "An internal error occurred." }] }) }, step: "get_home", code: "ToolFailed", names: "log" },
  { is: "a scene that there is not", change: () => ({ scene: "x" }), spoiled: { home___run_scene: refusal("SceneUnknown", 'No scene is called "x".') }, step: "run_scene", code: "SceneUnknown", names: "refusal" },
  { is: "a run that is not done", change: () => ({ scene: "x" }), spoiled: { home___run_scene: tool({ run_id: "run_1", result: "partly_done", say: "1 of 2." }) }, step: "run_scene", code: "RunNotDone", names: "npm run audit -- run_1" },
];

describe("the step at which it ends says what is wrong and what to do next:", () => {
  test.for(ROWS)("$is", async ({ spoiled, change, step, code, names }) => {
    const { candidate } = await serve(spoiled);

    const steps = await stepsOf({ ...candidate, ...change?.(candidate) });

    const last = steps.at(-1);
    expect(last).toMatchObject({ step, ok: false, code });
    expect(last?.fix).toContain(names);
    expect(steps.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  });
});

describe("the command", () => {
  const command = async (
    args: readonly string[],
    options: { readonly secret?: string; readonly stdin?: string } = {},
  ) => {
    const { GATEWAY_CLIENT_SECRET: _, ...environment } = process.env;
    const child = spawn(process.execPath, [join(ROOT, "scripts", "test-gateway.ts"), ...args], {
      env: {
        ...environment,
        ...(options.secret === undefined ? {} : { GATEWAY_CLIENT_SECRET: options.secret }),
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part: Buffer) => {
        output += part.toString("utf8");
      });
    }
    child.stdin.end(options.stdin ?? "");
    const [code] = (await once(child, "close")) as [number];
    return { code, output };
  };

  const expectNoSecret = (output: string): void => {
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain(Buffer.from(`machine:${SECRET}`).toString("base64"));
    expect(output).not.toContain("eyJ");
  };

  test("takes the secret from what is piped in, ends with 0, and shows no secret", async () => {
    const { server, candidate } = await serve();

    const { code, output } = await command(
      [candidate.url, "--token-url", candidate.tokenUrl, "--client-id", "machine"],
      { stdin: `${SECRET}\n` },
    );

    expect(output).toContain("A machine can call this gateway");
    expect(code).toBe(0);
    expect(server.heard[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from(`machine:${SECRET}`).toString("base64")}`,
    );
    expectNoSecret(output);
  });

  test("takes it from the environment, tells programs too, and ends with 1 when a step failed", async () => {
    const { candidate } = await serve({
      initialize: {
        status: 200,
        body: { id: 1, error: { code: -1, message: `${SECRET} ${TOKEN}` } },
      },
    });

    const { code, output } = await command(
      [candidate.url, "--token-url", candidate.tokenUrl, "--client-id", "machine", "--json"],
      { secret: SECRET },
    );

    expect(JSON.parse(output)).toMatchObject({
      ok: false,
      steps: [
        { step: "token", ok: true },
        { step: "initialize", ok: false, code: "ProtocolError" },
      ],
    });
    expect(code).toBe(1);
    expectNoSecret(output);
  });

  const URLS = ["https://gw.example/mcp", "--token-url", "https://in.example/oauth2/token"];

  test.for<readonly [string, readonly string[], string]>([
    ["no house", ["--data", "/nowhere"], "No house is up on /nowhere"],
    ["no client", URLS, "needs --token-url and --client-id"],
    ["no secret", [...URLS, "--client-id", "x"], "GATEWAY_CLIENT_SECRET"],
    ["a secret as an option", [...URLS, "--client-secret", "x"], "--client-secret"],
    ["no gateway", ["--client-id", "x"], "give its URL"],
    ["two gateways", ["http://localhost/a", "http://localhost/b"], "Name one gateway"],
  ])("ends with 2 for %s", async ([, args, told]) => {
    const { code, output } = await command(args);

    expect(output).toContain(told);
    expect(code).toBe(2);
  });

  test.for([
    ["http://gw.example/mcp", "in the clear"],
    ["https://a:b@gw.example/mcp", "leave it out"],
    ["gw.example", "no http or https address"],
  ] as const)("ends with 2 for the address %s", async ([url, told]) => {
    const { code, output } = await command(
      [url, "--token-url", "https://in.example/oauth2/token", "--client-id", "x"],
      { secret: "s" },
    );

    expect(output).toContain(told);
    expect(code).toBe(2);
  });
});
