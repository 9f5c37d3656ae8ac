import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KNOWN_CLIENTS, knownCallbacks } from "#aws/clients/known-callbacks.ts";
import { examine } from "../../../scripts/doctor/examine.ts";
import { patientOf } from "../../../scripts/doctor/patient.ts";
import { createRedactor } from "../../../scripts/doctor/redactor.ts";
import { type FakeServer, startFakeServer } from "../../support/fake-mcp-server.ts";

const SCOPES = "tool/read tool/write";
const COGNITOS_OWN = "openid email phone profile";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer((healthy, origin) => ({
    clients: {
      ...healthy.clients,
      local: {
        callbacks: knownCallbacks([`${origin}/mcp`]),
        scopes: SCOPES.split(" "),
      },
    },
  }));
});
afterAll(() => server.close());

/** What the doctor says of an address that a program opened. */
const saidOf = async (
  callback: string,
  { scope = SCOPES, client = "local" }: { readonly scope?: string; readonly client?: string } = {},
) => {
  const asked = new URL(`${server.origin}/as/authorize`);
  asked.search = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: callback,
    scope,
  }).toString();
  const patient = await patientOf(
    { url: `${server.origin}/mcp`, signIn: false, asked: asked.href },
    () => Promise.reject(new Error("no house is asked for")),
  );
  const steps = await examine(patient, createRedactor(), () => undefined);
  const [finding] = steps.find(({ step }) => step === "What a program asked")?.findings ?? [];
  return finding;
};

// Callbacks and scopes as the programs were seen to ask for: codex 0.171, opencode 1.18, gemini-cli 0.61, Claude Code
// 2.1.197, mcp-remote 0.15, the Inspector 2.12.
// REQ: clients-known-by-their-request
describe("the doctor knows a program by the address that it opens", () => {
  test.each([
    ["codex", "http://127.0.0.1:41234/callback/nZ8X42tZCvMo", "mcp_oauth_callback_port = 8766"],
    ["codex", "http://127.0.0.1:8766/callback/AAAAAAAAAAAA", "-c gatewayUrl=URL"],
    ["gemini-cli", "http://localhost:38001/oauth/callback", "http://localhost:7777/oauth/callback"],
    ["Claude Code", "http://localhost:50123/callback", "--callback-port 8765"],
    ["opencode", "http://127.0.0.1:1/mcp/oauth/callback", "Leave oauth.redirectUri out"],
    ["This program", "http://localhost:9999/elsewhere", "letter by letter"],
  ])("%s at a callback that is not registered: %s", async (name, callback, fix) => {
    const finding = await saidOf(callback);

    expect(finding).toMatchObject({ code: "AskedForOtherCallback", status: "failure" });
    expect(finding?.summary).toContain(`${name} wants people sent back to ${callback}`);
    expect(finding?.fix).toContain(fix);
  });

  test("gemini-cli without its scopes asks for what the sign-in server lists", async () => {
    const finding = await saidOf("http://localhost:7777/oauth/callback", { scope: COGNITOS_OWN });

    expect(finding?.code).toBe("AskedForOtherScopes");
    expect(finding?.fix).toContain(
      '"scopes": ["smarthome-gateway/read", "smarthome-gateway/write"]',
    );
  });

  test("an old Claude Code asks for the same", async () => {
    const finding = await saidOf("http://localhost:8765/callback", { scope: COGNITOS_OWN });

    expect(finding?.fix).toContain("2.1.196");
  });

  test("a program that registered itself somewhere else", async () => {
    const finding = await saidOf("http://localhost:8765/callback", { client: "made-up" });

    expect(finding?.code).toBe("AskedAsUnknownClient");
  });

  test.each(KNOWN_CLIENTS.filter(({ name }) => name !== "gemini-cli"))(
    "$name at its own callbacks asks as it should",
    async ({ name, callbacks }) => {
      for (const callback of callbacks(`${server.origin}/mcp`)) {
        const finding = await saidOf(callback);

        expect(finding).toMatchObject({ code: "AskedWell", status: "ok" });
        expect(finding?.summary).toContain(`${name} asks as it should`);
      }
    },
  );

  test("gemini-cli, too, and is told what it stumbles over next", async () => {
    const finding = await saidOf("http://localhost:7777/oauth/callback");

    expect(finding).toMatchObject({ code: "AskedWell", status: "warning" });
    expect(finding?.fix).toContain("authorizationUrl and tokenUrl");
  });
});
