import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectToHome } from "../../scripts/command/home-client.ts";
import { deploySteps } from "../../scripts/console/deploy-steps.ts";
import { deployWithConsole } from "../../scripts/console/deploy-with-console.ts";
import { ROOT, runScript } from "../support/command.ts";
import { type Journey, startJourney } from "../support/journey.ts";

let house: Journey;

beforeAll(async () => {
  house = await startJourney();
});
afterAll(() => house.close());

const environment = (): Readonly<Record<string, string>> => {
  const { region, credentials } = house.home.stack.aws;
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
};

const read = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** The scene names that a machine sees through a page's own origin. */
const scenesThrough = async (page: string): Promise<unknown> => {
  const { endpoints } = house.home;
  const client = await connectToHome({ ...endpoints, gateway: { url: `${page}/mcp` } });
  const { scenes } = await client.callTool("get_home", {});
  await client.close();
  return Array.isArray(scenes) ? scenes.length : scenes;
};

describe("the house", () => {
  // REQ: console-page-everywhere
  test("serves the page that a deployment uploads, and the gateway on the same origin", async () => {
    const { console: page, cognito } = house.home.endpoints;

    const index = await read(`${page.url}/runs/some_run`);
    const config = await read(`${page.url}/config.json`);
    const refused = await fetch(`${page.url}/mcp`, { method: "POST", body: "{}" });
    const [, script = ""] = /src="(\/main-[^"]+\.js)"/.exec(index.text) ?? [];
    const main = await read(`${page.url}${script}`);

    expect([index.status, index.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(index.headers.get("content-security-policy")).toContain(
      `connect-src 'self' ${cognito.domain};`,
    );
    expect(JSON.parse(config.text)).toEqual({
      gateway: "/mcp",
      clientId: cognito.clients.console.clientId,
      issuer: cognito.issuer,
      authorizationEndpoint: `${cognito.domain}/oauth2/authorize`,
      tokenEndpoint: `${cognito.domain}/oauth2/token`,
      revocationEndpoint: `${cognito.domain}/oauth2/revoke`,
      logoutEndpoint: `${cognito.domain}/logout`,
      scopes: ["openid", "smarthome-gateway/read", "smarthome-gateway/write"],
      redirectUri: `${page.url}/`,
      stage: "",
    });
    expect([
      main.status,
      main.headers.get("content-type"),
      main.headers.get("cache-control"),
    ]).toEqual([200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"]);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("resource_metadata"),
    ]);
    expect(await scenesThrough(page.url)).toBe(4);
  });

  test("says where it is, to who asks npm run console", async () => {
    const said = await runScript("console.ts", ["--data", house.data]);

    expect(said).toEqual({
      code: 0,
      output: `The house serves it: ${house.home.endpoints.console.url}/\n`,
    });
  });
});

describe("a stack that is deployed somewhere", () => {
  let served: ChildProcess;
  let url: string;

  beforeAll(async () => {
    // The template that the set-up made, so that no time goes into making it again.
    cpSync(inject("assembly"), join(house.data, "console.out"), { recursive: true });
    const options = ["--aws", "--endpoint-url", house.home.stack.aws.endpoint, "--port", "0"];
    served = spawn(
      process.execPath,
      [join(ROOT, "scripts", "console.ts"), ...options, "--data", house.data],
      { cwd: ROOT, env: { ...process.env, ...environment() } },
    );
    let printed = "";
    url = await new Promise((resolve, reject) => {
      const listen = (chunk: Buffer): void => {
        printed += chunk.toString("utf8");
        const [, found] = /: (http:\/\/localhost:\d+)\/ {3}Stop it/.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      };
      served.stdout?.on("data", listen);
      served.stderr?.on("data", listen);
      served.once("exit", () => reject(new Error(printed)));
    });
  });
  afterAll(() => served.kill("SIGKILL"));

  // REQ: console-on-this-machine
  test("has its console on this machine, with its own gateway and sign-in and the deployed headers", async () => {
    const { cognito } = house.home.endpoints;

    const index = await read(`${url}/`);
    const config = JSON.parse((await read(`${url}/config.json`)).text) as object;

    expect(index.status).toBe(200);
    expect(index.headers.get("content-security-policy")).toContain(
      `connect-src 'self' ${cognito.domain};`,
    );
    expect(config).toMatchObject({
      clientId: cognito.clients.console.clientId,
      tokenEndpoint: `${cognito.domain}/oauth2/token`,
      redirectUri: "http://localhost:4603/",
    });
    expect(await scenesThrough(url)).toBe(4);
  });

  test("and loses it on Ctrl-C", async () => {
    const gone = once(served, "exit");

    served.kill("SIGINT");

    expect(await gone).toEqual([0, null]);
  });
});

// REQ: console-cycle
test("npm run deploy finds the stack's outputs, tells the sign-in where page and gateway are, and uploads the page", async () => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  const deployed: (readonly string[])[] = [];
  const said: string[] = [];

  const url = await deployWithConsole(
    deploySteps({
      clientOptions: { endpoint, region, credentials },
      stackName: "SmarthomeScenes",
      stage: "dev",
      cdkDeploy: async (args) => {
        deployed.push(args);
      },
      say: (line) => said.push(line),
    }),
    { consoleUrl: "https://console.example.org" },
  );
  const config = await read(`${house.home.endpoints.console.url}/config.json`);

  expect(url).toBe("https://console.example.org");
  expect(deployed).toEqual([
    [
      "--context",
      "consoleUrl=https://console.example.org",
      "--context",
      `gatewayUrl=${house.home.endpoints.gateway.url}`,
    ],
  ]);
  expect(said).toEqual([
    expect.stringMatching(/^\d+ files of the console are in smarthomescenes-/),
  ]);
  expect(JSON.parse(config.text)).toMatchObject({
    stage: "dev",
    redirectUri: "https://console.example.org/",
  });
});

test("a stack that is not deployed is deployed as for the first time", async () => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  const steps = deploySteps({
    clientOptions: { endpoint, region, credentials },
    stackName: "SmarthomeScenes-dev",
    stage: "dev",
    cdkDeploy: async () => undefined,
    say: () => undefined,
  });

  expect(await steps.outputs()).toBeUndefined();
  await expect(deployWithConsole(steps)).rejects.toThrow(
    "lacks the output ConsoleUrl or GatewayUrl",
  );
});
