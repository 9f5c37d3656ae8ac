import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAddresses } from "#local/stack/addresses.ts";
import type { Declared } from "#local/stack/declared.ts";
import { startDistribution } from "#local/stack/start-distribution.ts";
import { startEndpoint } from "#local/stack/start-endpoint.ts";
import { startUserPool } from "#local/stack/start-user-pool.ts";
import { deployWithConsole } from "../../../scripts/console/deploy-with-console.ts";
import { declaredStack, IDENTITY } from "./played-site.ts";

/** Whither the sign-in of a deployed stack sends who comes from its console: to the form, or away. */
const signInFrom = async (declared: Declared): Promise<string> => {
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
    const client = pool.clients.find(({ name }) => name === "smarthome-console-client");
    const url = new URL(`${pool.url}/oauth2/authorize`);
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: client?.clientId ?? "",
      redirect_uri: `${site.url}/`,
      scope: "openid smarthome-gateway/read smarthome-gateway/write",
      state: "1",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    }).toString();
    const { headers } = await fetch(url, { redirect: "manual" });
    const location = new URL(headers.get("location") ?? "", url);
    return `${location.pathname} ${location.searchParams.get("error") ?? ""}`.trim();
  } finally {
    await pool.close();
    await site.close();
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

// REQ: console-cycle
test("the first deployment does not know the page, which cannot sign in; the second does, and it can", async () => {
  const known: (string | undefined)[] = [];
  const signIns: string[] = [];
  let deployed: Declared | undefined;
  const uploads: string[] = [];

  const url = await deployWithConsole({
    outputs: async () => deployed?.outputs(),
    deploy: async (consoleUrl) => {
      known.push(consoleUrl);
      deployed = declaredStack(consoleUrl === undefined ? {} : { consoleUrl });
      signIns.push(await signInFrom(deployed));
    },
    upload: async (_, consoleUrl) => {
      uploads.push(consoleUrl);
    },
    say: () => undefined,
  });

  expect(url).toMatch(/^https:\/\/d[0-9a-z]{13}\.cloudfront\.net$/);
  expect(known).toEqual([undefined, url]);
  expect(signIns).toEqual(["/error redirect_mismatch", "/login"]);
  expect(uploads).toEqual([url]);
});

const deployTwice = async (before: ReadonlyMap<string, string> | undefined, ownUrl?: string) => {
  const known: (string | undefined)[] = [];
  await deployWithConsole(
    {
      outputs: async () =>
        known.length === 0 ? before : new Map([["ConsoleUrl", "https://d1.cloudfront.net"]]),
      deploy: async (consoleUrl) => {
        known.push(consoleUrl);
      },
      upload: async () => undefined,
      say: () => undefined,
    },
    ownUrl,
  );
  return known;
};

test("a stack whose page is known is deployed once, and never without it in between", async () => {
  expect(await deployTwice(new Map([["ConsoleUrl", "https://d1.cloudfront.net"]]))).toEqual([
    "https://d1.cloudfront.net",
  ]);
});

test("a stack from before the console, and one whose distribution was made anew, are deployed twice", async () => {
  expect(await deployTwice(new Map())).toEqual([undefined, "https://d1.cloudfront.net"]);
  expect(await deployTwice(new Map([["ConsoleUrl", "https://d0.cloudfront.net"]]))).toEqual([
    "https://d0.cloudfront.net",
    "https://d1.cloudfront.net",
  ]);
});

test("an address of one's own goes in at once", async () => {
  expect(await deployTwice(undefined, "https://console.example.org")).toEqual([
    "https://console.example.org",
  ]);
});
