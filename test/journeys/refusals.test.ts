import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineToken } from "../../scripts/command/home-client.ts";
import { type Journey, startJourney } from "../support/journey.ts";

// Every refusal, and no Lambda call behind it: the function's own log counts its invocations.
const invocations = (house: Journey): number =>
  readdirSync(join(house.data, "logs"))
    .filter((file) => file.includes("-HomeFunction"))
    .map((file) => readFileSync(join(house.data, "logs", file), "utf8"))
    .join("")
    .split("\n")
    .filter((line) => line.includes("START RequestId") || line.includes("platform.start")).length;

const post = (
  house: Journey,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> =>
  fetch(house.home.endpoints.gateway.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
  });

const rpc = (tool: string, args: unknown): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: { name: tool, arguments: args },
  });

const GOODNIGHT = rpc("home___run_scene", { scene: "goodnight" });

/** The addresses on which this process listens, as Linux tells: hexadecimal, the last byte of IPv4 first. */
const listeningOn = (): ReadonlySet<string> => {
  const mine = new Set<string>();
  for (const descriptor of readdirSync("/proc/self/fd")) {
    try {
      mine.add(readlinkSync(`/proc/self/fd/${descriptor}`));
    } catch {
      // It was open only while the folder was read.
    }
  }
  const rows = ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
    .flatMap((file) => readFileSync(file, "utf8").split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/));
  // 0A is LISTEN.
  const listening = rows.filter((row) => row[3] === "0A" && mine.has(`socket:[${row[9]}]`));
  return new Set(listening.map((row) => (row[1] ?? "").replace(/:.*/, "")));
};

describe("who may not pass", () => {
  let house: Journey;
  beforeAll(async () => {
    house = await startJourney();
  });
  afterAll(() => house?.close());

  // REQ: loopback-only
  test("whoever is not on the loopback interface: no port of the house answers there", async () => {
    const { gateway, cognito, aws, mqtt } = house.home.endpoints;

    expect(mqtt.tlsUrl).toBeUndefined();
    for (const url of [gateway.url, cognito.domain, aws.endpoint, mqtt.url]) {
      const socket = connect(Number(new URL(url).port), "127.0.0.2");
      await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  // REQ: loopback-only
  test.skipIf(!existsSync("/proc/self/net/tcp"))(
    "nor on any port that nobody was told of (needs Linux's /proc)",
    () => {
      expect(listeningOn()).toEqual(new Set(["0100007F"]));
    },
  );

  const challenge = (error: string): string =>
    `Bearer error="${error}", scope="smarthome-gateway/read smarthome-gateway/write", ` +
    `resource_metadata="${house.home.endpoints.gateway.url.replace(/\/mcp$/, "")}/.well-known/oauth-protected-resource"`;

  const refused = async (token: string | undefined): Promise<Response> => {
    const before = invocations(house);
    const response = await post(
      house,
      GOODNIGHT,
      token === undefined ? {} : { authorization: `Bearer ${token}` },
    );
    expect(invocations(house)).toBe(before);
    return response;
  };

  // A token that Cognito's own key did not sign, with claims of one's choice.
  const forged = async (claims: Readonly<Record<string, unknown>>): Promise<string> => {
    const { privateKey } = await generateKeyPair("RS256");
    return new SignJWT({ token_use: "access", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "mine" })
      .setIssuer(house.home.endpoints.cognito.issuer)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
  };

  // REQ: signed-in
  test("no token: 401 with the challenge", async () => {
    const response = await refused(undefined);

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(challenge("invalid_token"));
  });

  // REQ: signed-in
  test("a token signed by another key: 401 with the challenge", async () => {
    const { clientId } = house.home.endpoints.cognito.clients.machine;

    const response = await refused(
      await forged({ client_id: clientId, scope: "smarthome-gateway/write", sub: clientId }),
    );

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(challenge("invalid_token"));
  });

  test("a token whose last letter was changed: 401", async () => {
    const token = await machineToken(house.home.endpoints);
    const changed = token.endsWith("A") ? `${token.slice(0, -1)}B` : `${token.slice(0, -1)}A`;

    const response = await refused(changed.replace(/.{5}$/, "AAAAA"));

    expect(response.status).toBe(401);
  });

  test("a public key offered in the token's own header is not believed: 401", async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const { clientId } = house.home.endpoints.cognito.clients.machine;
    const token = await new SignJWT({ token_use: "access", client_id: clientId })
      .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(publicKey) })
      .setIssuer(house.home.endpoints.cognito.issuer)
      .setExpirationTime("1h")
      .sign(privateKey);

    expect((await refused(token)).status).toBe(401);
  });

  // REQ: bad-input-changes-nothing
  test("bad input is a clear error, and nothing is changed", async () => {
    const before = await house.shadowOf("hall_lamp");
    const call = (args: Readonly<Record<string, unknown>>, tool = "run_scene") =>
      house.client.callTool(tool, args);

    const answers = {
      unknownScene: await call({ scene: "godnight" }),
      unknownDevice: await call({ scene: "goodnight", except: ["hall lmp"] }),
      emptyName: await call({ scene: "  " }),
      missing: await call({}),
      extra: await call({ scene: "goodnight", force: true }),
      wrongType: await call({ scene: 7 }),
      noRun: await call({ run_id: "run_00000000000000000000" }, "get_run"),
      bothIds: await call({ run_id: "run_00000000000000000000", request_id: "x" }, "get_run"),
    };

    expect(answers.unknownScene.error).toMatchObject({ code: "SceneUnknown" });
    expect((answers.unknownScene.error as { closest: string[] }).closest[0]).toBe("goodnight");
    expect(answers.unknownDevice.error).toMatchObject({ code: "DeviceUnknown" });
    expect((answers.unknownDevice.error as { closest: string[] }).closest[0]).toBe("hall_lamp");
    for (const name of ["emptyName", "missing", "extra", "wrongType", "bothIds"] as const) {
      expect(answers[name].error, name).toMatchObject({ code: "ArgumentsInvalid" });
    }
    expect(answers.noRun.error).toMatchObject({ code: "RunUnknown" });
    for (const [name, answer] of Object.entries(answers)) {
      expect((answer.error as { message: string }).message, name).toMatch(/Nothing was changed\.$/);
    }
    expect(await house.shadowOf("hall_lamp")).toEqual(before);
  });

  test("broken JSON, an unknown tool and a body over the limit are refused before any function is called", async () => {
    const authorization = `Bearer ${await machineToken(house.home.endpoints)}`;
    const before = invocations(house);

    const broken = await post(house, '{"jsonrpc":"2.0",', { authorization });
    const unknown = await post(house, rpc("home___open_sesame", {}), { authorization });
    const huge = await post(house, rpc("home___run_scene", { scene: "x".repeat(7_000_000) }), {
      authorization,
    });

    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ error: { code: -32700 } });
    expect(await unknown.json()).toMatchObject({ id: 7, error: { code: -32602 } });
    expect(huge.status).toBe(413);
    expect(invocations(house)).toBe(before);
  });

  // REQ: insufficient-scope
  test("a machine client that asks for read alone lists only what reads, and is told which scopes run_scene needs", async () => {
    const { clientId, clientSecret = "" } = house.home.endpoints.cognito.clients.machine;
    const answered = await fetch(`${house.home.endpoints.cognito.domain}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "smarthome-gateway/read",
      }),
    });
    const { access_token } = (await answered.json()) as { access_token: string };
    const authorization = `Bearer ${access_token}`;

    const list = await post(
      house,
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
      { authorization },
    );
    const before = invocations(house);
    const run = await post(house, GOODNIGHT, { authorization });

    const { result } = (await list.json()) as { result: { tools: { name: string }[] } };
    expect(result.tools.map((tool) => tool.name)).toEqual([
      "home___get_home",
      "home___get_state",
      "home___plan_scene",
      "home___get_run",
      "home___explain_device",
    ]);
    expect(run.status).toBe(403);
    expect(run.headers.get("www-authenticate")).toContain(
      'Bearer error="insufficient_scope", scope="smarthome-gateway/read smarthome-gateway/write"',
    );
    expect(invocations(house)).toBe(before);
  });

  // REQ: caller-from-token
  test("caller headers that a client sends itself are overwritten", async () => {
    const authorization = `Bearer ${await machineToken(house.home.endpoints)}`;

    const response = await post(
      house,
      rpc("home___run_scene", { scene: "movie_night", request_id: "forged" }),
      { authorization, "x-caller-sub": "somebody-else", "x-caller-username": "mallory" },
    );

    const { result } = (await response.json()) as {
      result: { structuredContent: { run_id: string } };
    };
    const [request] = (await house.auditOf(result.structuredContent.run_id)).filter(
      (item) => item.SK === "RUN",
    );
    const { clientId } = house.home.endpoints.cognito.clients.machine;
    expect(request?.caller).toEqual({ sub: clientId, clientId, scopes: ["read", "write"] });
  });
});
