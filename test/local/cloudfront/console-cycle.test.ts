import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAddresses } from "#local/stack/addresses.ts";
import type { Declared } from "#local/stack/declared.ts";
import { startDistribution } from "#local/stack/start-distribution.ts";
import { startEndpoint } from "#local/stack/start-endpoint.ts";
import { startUserPool } from "#local/stack/start-user-pool.ts";
import {
  deployWithConsole,
  type KnownAddresses,
} from "../../../scripts/console/deploy-with-console.ts";
import { declaredStack, IDENTITY } from "./played-site.ts";

// What codex 0.171 makes of GATEWAY: nine bytes of its SHA-256, in base64url.
const GATEWAY =
  "https://smarthome-gateway-a0128dspjk.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp";
const CODEX_CALLBACK = "http://127.0.0.1:8766/callback/51pmL8mPtqak";

/** Whither the sign-in of a deployed stack sends who comes from its console, and from codex: to the form, or away. */
const signInsFrom = async (declared: Declared): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), "console-cycle-"));
  const addresses = createAddresses();
  const log = (): void => undefined;
  const endpoint = await startEndpoint({ identity: IDENTITY, declared, port: 0, log });
  const site = await startDistribution(
    { identity: IDENTITY, declared, addresses, log },
    { port: 0, readObject: async () => undefined },
  );
  const pool = await startUserPool(
    {
      identity: IDENTITY,
      declared,
      endpoint,
      addresses,
      file: (name) => join(folder, name),
      logDirectory: folder,
      log,
    },
    { port: 0, users: [] },
  );
  try {
    const signIn = async (name: string, redirectUri: string): Promise<string> => {
      const client = pool.clients.find((one) => one.name === name);
      const url = new URL(`${pool.url}/oauth2/authorize`);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: client?.clientId ?? "",
        redirect_uri: redirectUri,
        scope: "openid smarthome-gateway/read smarthome-gateway/write",
        state: "1",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      }).toString();
      const { headers } = await fetch(url, { redirect: "manual" });
      const location = new URL(headers.get("location") ?? "", url);
      return `${location.pathname} ${location.searchParams.get("error") ?? ""}`.trim();
    };
    return [
      await signIn("smarthome-console-client", `${site.url}/`),
      await signIn("smarthome-local-client", CODEX_CALLBACK),
    ];
  } finally {
    await pool.close();
    await site.close();
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

// REQ: console-cycle
// REQ: codex-callback
test("the first deployment knows neither page nor gateway, and page and codex cannot sign in; the second does, and they can", async () => {
  const known: KnownAddresses[] = [];
  const signIns: (readonly string[])[] = [];
  let deployed: Declared | undefined;
  const uploads: string[] = [];

  const url = await deployWithConsole({
    outputs: async () => deployed?.outputs(),
    deploy: async (addresses) => {
      known.push(addresses);
      deployed = declaredStack(addresses);
      signIns.push(await signInsFrom(deployed));
    },
    upload: async (_, consoleUrl) => {
      uploads.push(consoleUrl);
    },
    say: () => undefined,
  });

  expect(url).toMatch(/^https:\/\/d[0-9a-z]{13}\.cloudfront\.net$/);
  expect(known).toEqual([{}, { consoleUrl: url, gatewayUrl: GATEWAY }]);
  expect(signIns).toEqual([
    ["/error redirect_mismatch", "/error redirect_mismatch"],
    ["/login", "/login"],
  ]);
  expect(uploads).toEqual([url]);
});

// What a stack says of itself, with the gateway's URL as AWS may also give it.
const DEPLOYED = { ConsoleUrl: "https://d1.cloudfront.net", GatewayUrl: "https://gw.example" };
const KNOWN = { consoleUrl: "https://d1.cloudfront.net", gatewayUrl: "https://gw.example/mcp" };

const deployedWith = async (
  before: Readonly<Record<string, string>> | undefined,
  own?: KnownAddresses,
): Promise<readonly KnownAddresses[]> => {
  const known: KnownAddresses[] = [];
  await deployWithConsole(
    {
      outputs: async () => {
        const outputs = known.length === 0 ? before : DEPLOYED;
        return outputs === undefined ? undefined : new Map(Object.entries(outputs));
      },
      deploy: async (addresses) => {
        known.push(addresses);
      },
      upload: async () => undefined,
      say: () => undefined,
    },
    own,
  );
  return known;
};

test("a stack whose addresses are known is deployed once, and never without them in between", async () => {
  expect(await deployedWith(DEPLOYED)).toEqual([KNOWN]);
});

test("a stack from before the console, and one whose distribution or gateway was made anew, are deployed twice", async () => {
  const before = { GatewayUrl: "https://gw.example" };

  expect(await deployedWith(before)).toEqual([{ gatewayUrl: "https://gw.example/mcp" }, KNOWN]);
  expect(await deployedWith({ ...DEPLOYED, ConsoleUrl: "https://d0.cloudfront.net" })).toEqual([
    { ...KNOWN, consoleUrl: "https://d0.cloudfront.net" },
    KNOWN,
  ]);
  expect(await deployedWith({ ...DEPLOYED, GatewayUrl: "https://old.example" })).toEqual([
    { ...KNOWN, gatewayUrl: "https://old.example/mcp" },
    KNOWN,
  ]);
});

test("addresses of one's own go in at once", async () => {
  const own = {
    consoleUrl: "https://console.example.org",
    gatewayUrl: "https://home.example.org/mcp",
  };

  expect(await deployedWith(undefined, own)).toEqual([own]);
  expect(await deployedWith(DEPLOYED, { consoleUrl: own.consoleUrl })).toEqual([
    { consoleUrl: "https://console.example.org", gatewayUrl: "https://gw.example/mcp" },
  ]);
});
