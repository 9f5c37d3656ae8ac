import { createHmac, createSign, KeyObject, type webcrypto } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  gatewayProperties,
  post,
  REQUEST_ARN,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

// Each row is one thing that somebody might try. None of them may reach a function.

type Issuer = Awaited<ReturnType<typeof startIssuer>>;
let issuer: Issuer;
let other: Issuer;
let functions: Awaited<ReturnType<typeof startFunctions>>;
let gateway: Gateway;
const lines: string[] = [];

beforeAll(async () => {
  [issuer, other] = await Promise.all([startIssuer(), startIssuer()]);
  functions = await startFunctions({
    [TOOL_ARN]: () => "reached",
    // Sets who calls, from the verified token, as a gateway's interceptor has to.
    [REQUEST_ARN]: (event) => {
      const { headers, body } = (
        event as { mcp: { gatewayRequest: { headers: Record<string, string>; body: unknown } } }
      ).mcp.gatewayRequest;
      const [, payload = ""] = (headers.authorization ?? headers.Authorization ?? "").split(".");
      const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
      return {
        interceptorOutputVersion: "1.0",
        mcp: { transformedGatewayRequest: { headers: { "x-caller-sub": sub }, body } },
      };
    },
  });
  gateway = await startGateway({
    port: 0,
    gatewayId: "home-gateway-abcdefghij",
    properties: gatewayProperties(
      issuer.discoveryUrl,
      {},
      {
        InterceptorConfigurations: [
          {
            InterceptionPoints: ["REQUEST"],
            Interceptor: { Lambda: { Arn: REQUEST_ARN } },
            InputConfiguration: { PassRequestHeaders: true },
          },
        ],
      },
    ),
    targets: [
      {
        targetId: "T",
        properties: targetProperties(undefined, {
          MetadataConfiguration: { AllowedRequestHeaders: ["x-caller-sub"] },
        }),
      },
    ],
    access: functions.access,
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await Promise.all([gateway.close(), functions.close(), issuer.close(), other.close()]);
});

const call = (args: unknown = { scene: "goodnight" }) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "home___run_scene", arguments: args },
});

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

const now = (): number => Math.floor(Date.now() / 1000);

/** What came back, and whether a tool was called. */
const tried = async (
  token: string | undefined,
): Promise<readonly [number, string | null, number]> => {
  functions.invoked.length = 0;
  const { status, headers } = await post(gateway.url, token, call());
  const challenge = /error="(\w+)"/.exec(headers.get("www-authenticate") ?? "")?.[1] ?? null;
  return [status, challenge, functions.invoked.length];
};

test("the token that all of these are made from does reach the function", async () => {
  expect(await tried(await issuer.token())).toEqual([200, null, 2]);
});

describe("tokens that are not what they say: 401 invalid_token", () => {
  const rows: readonly (readonly [string, () => Promise<string | undefined> | string])[] = [
    ["an empty one", () => ""],
    ["a word", () => "letmein"],
    ["three dots", () => "..."],
    [
      "claims that were changed after signing",
      async () => {
        const [header, payload = "", signature] = (await issuer.token()).split(".");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
        return `${header}.${b64({ ...claims, scope: "home/write admin" })}.${signature}`;
      },
    ],
    ["a signature that was cut short", async () => (await issuer.token()).slice(0, -10)],
    [
      "a signature that is missing",
      async () => `${(await issuer.token()).split(".").slice(0, 2).join(".")}.`,
    ],
    ["an expired one", () => issuer.token({ iat: now() - 7200, exp: now() - 1 })],
    [
      "one without an expiry",
      () => {
        const { exp: _, ...claims } = issuer.claims();
        return signedBy(issuer, claims);
      },
    ],
    ["one that is not valid yet", () => issuer.token({ nbf: now() + 600 })],
    [
      "one that was issued in the future",
      () => issuer.token({ iat: now() + 600, exp: now() + 4200 }),
    ],
    ["alg none", () => `${b64({ alg: "none", kid: "right" })}.${b64(issuer.claims())}.`],
    [
      "alg None in another spelling",
      () => `${b64({ alg: "nOnE", kid: "right" })}.${b64(issuer.claims())}.`,
    ],
    [
      "HS256 keyed with the public key",
      async () => {
        const input = `${b64({ alg: "HS256", kid: "right" })}.${b64(issuer.claims())}`;
        const key = await exportSPKI(issuer.publicKey);
        return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
      },
    ],
    ["another signature algorithm of the same key", () => forgedAlgorithm()],
    ["a key id that nobody published", () => issuer.token({}, { kid: "wrong" })],
    ["a key id that is a path", () => issuer.token({}, { kid: "../../../../dev/null" })],
    ["a key that the token brings along", async () => withOwnKey()],
    ["the key of another sign-in server", () => other.token({ iss: issuer.url })],
    ["a token of another sign-in server", () => other.token()],
    [
      "a critical header that nobody knows",
      () => signedBy(issuer, issuer.claims(), { crit: ["exp2"], exp2: 1 }),
    ],
    [
      "an encrypted-token header",
      async () => `${b64({ alg: "RSA-OAEP", enc: "A256GCM", kid: "right" })}.a.b.c.d`,
    ],
    ["a payload that is a list", () => signedBy(issuer, [])],
    ["a payload that is not JSON", () => signedBy(issuer, "hello")],
    ["an expiry in words", () => issuer.token({ exp: "never" as unknown as number })],
  ];

  test.each(rows)("%s", async (_name, make) => {
    expect(await tried(await make())).toEqual([401, "invalid_token", 0]);
  });

  const signedBy = ({ privateKey }: Issuer, payload: unknown, more: object = {}): string => {
    const input = `${b64({ alg: "RS256", kid: "right", ...more })}.${b64(payload)}`;
    const signer = createSign("RSA-SHA256").update(input);
    return `${input}.${signer.sign(KeyObject.from(privateKey as webcrypto.CryptoKey), "base64url")}`;
  };

  const forgedAlgorithm = (): string => {
    const input = `${b64({ alg: "RS512", kid: "right" })}.${b64(issuer.claims())}`;
    return `${input}.${createSign("RSA-SHA512")
      .update(input)
      .sign(KeyObject.from(issuer.privateKey as webcrypto.CryptoKey), "base64url")}`;
  };

  const withOwnKey = async (): Promise<string> => {
    const mine = await generateKeyPair("RS256", { extractable: true });
    return new SignJWT({ ...issuer.claims() })
      .setProtectedHeader({ kid: "right", alg: "RS256", jwk: await exportJWK(mine.publicKey) })
      .sign(mine.privateKey);
  };
});

describe("good tokens for somebody else: 403 insufficient_scope", () => {
  test.each([
    ["a client that is not on the list", { client_id: "stranger" }],
    ["no client at all", { client_id: undefined }],
    [
      "a list of clients with a good one in it, and no scope",
      { client_id: ["machine"], scope: "" },
    ],
    ["an ID token", { client_id: undefined, scope: undefined, aud: "machine", token_use: "id" }],
    ["no scope", { scope: undefined }],
    ["a scope that only begins like a good one", { scope: "home/readwrite" }],
    ["a scope that only ends like a good one", { scope: "my-home/read" }],
    ["two scopes glued with a comma", { scope: "home/read,home/write" }],
    ["a scope in other letter case", { scope: "HOME/READ" }],
    ["a scope as an object", { scope: { "home/read": true } }],
    [
      "another issuer with the same key",
      { iss: "https://cognito-idp.us-east-1.amazonaws.com/other" },
    ],
    ["an issuer with a slash behind it", { iss: "SLASH" }],
  ])("%s", async (_name, change) => {
    const iss = "iss" in change && change.iss === "SLASH" ? `${issuer.url}/` : undefined;
    const token = await issuer.token({
      ...(change as Record<string, unknown>),
      ...(iss === undefined ? {} : { iss }),
    });

    expect(await tried(token)).toEqual([403, "insufficient_scope", 0]);
  });
});

test("no token is in the log", () => {
  expect(lines.join("\n")).not.toMatch(/eyJ|Bearer/);
});
