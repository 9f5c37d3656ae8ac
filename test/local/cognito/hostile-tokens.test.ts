import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  claimsOf,
  poolTemplate,
  postForm,
  READ,
  signInForCallback,
  startTestCognito,
  type TestCognito,
  WRITE,
} from "./support.ts";

// Each row is one thing that somebody might try, and what it gets. The names are the promise.

let cognito: TestCognito;
/** Another pool of the same server, with its own clients and keys. */
const OTHER_POOL = "us-east-1_Other6789";

beforeAll(async () => {
  cognito = await startTestCognito({
    pools: [poolTemplate(), poolTemplate({}, { poolId: OTHER_POOL, suffix: "-other" })],
  });
});
afterAll(() => cognito.close());

const CALLBACK = "http://localhost:9/callback";
const CHALLENGE = createHash("sha256").update("v".repeat(43)).digest("base64url");

describe("the token endpoint", () => {
  const token = (fields: Readonly<Record<string, string>>, headers = {}) =>
    postForm(`${cognito.url}/oauth2/token`, fields, headers);
  const web = () => ({ client_id: "web", client_secret: cognito.secret("web") });
  const machine = () => ({
    grant_type: "client_credentials",
    client_id: "machine",
    client_secret: cognito.secret("machine"),
  });
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
  });
  const codeFor = async (parameters: Readonly<Record<string, string>> = {}) => {
    const callback = await signInForCallback(cognito, parameters);
    return {
      grant_type: "authorization_code",
      redirect_uri: CALLBACK,
      code: callback.searchParams.get("code") ?? "",
    };
  };
  const withPkce = () => codeFor({ code_challenge: CHALLENGE, code_challenge_method: "S256" });
  const refreshToken = async () => {
    const { json } = await token({ ...web(), ...(await codeFor({ scope: `openid ${READ}` })) });
    return json as { refresh_token: string; access_token: string; id_token: string };
  };
  const refuses = (error: string) => ({ status: 400, json: { error } });

  test("a code that was used", async () => {
    const fields = { ...web(), ...(await codeFor()) };

    const answers = [await token(fields), await token(fields)];

    expect(answers).toMatchObject([{ status: 200 }, refuses("invalid_grant")]);
  });

  test("a code that was used twice at once", async () => {
    const fields = { ...web(), ...(await codeFor()) };

    const answers = await Promise.all(Array.from({ length: 8 }, () => token(fields)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("a code after one failed try", async () => {
    const fields = { ...web(), ...(await codeFor()) };

    await token({ ...fields, redirect_uri: `${CALLBACK}/` });

    expect(await token(fields)).toMatchObject(refuses("invalid_grant"));
  });

  test("a code of another client", async () => {
    const code = await codeFor();

    expect(await token({ client_id: "local", ...code })).toMatchObject(refuses("invalid_grant"));
  });

  test("a code with another redirect address", async () => {
    const fields = { ...web(), ...(await codeFor()), redirect_uri: "https://evil.example/" };

    expect(await token(fields)).toMatchObject({
      status: 400,
      json: { error: "unauthorized_client", error_description: "invalid_redirect" },
    });
  });

  test("a code without its redirect address", async () => {
    const { redirect_uri: _, ...code } = await codeFor();

    expect(await token({ ...web(), ...code })).toMatchObject(refuses("invalid_request"));
  });

  test("a code with another resource", async () => {
    const code = await codeFor({ resource: "https://a.example/mcp" });

    expect(await token({ ...web(), ...code, resource: "https://b.example/mcp" })).toMatchObject(
      refuses("invalid_grant"),
    );
  });

  test("a code that was made up", async () => {
    const code = { ...(await codeFor()), code: "00000000-0000-4000-8000-000000000000" };

    expect(await token({ ...web(), ...code })).toMatchObject(refuses("invalid_grant"));
  });

  test("PKCE without the verifier", async () => {
    expect(await token({ ...web(), ...(await withPkce()) })).toMatchObject(
      refuses("invalid_grant"),
    );
  });

  test("PKCE with another verifier", async () => {
    expect(
      await token({ ...web(), ...(await withPkce()), code_verifier: "w".repeat(43) }),
    ).toMatchObject(refuses("invalid_grant"));
  });

  test("PKCE with the challenge itself as verifier", async () => {
    expect(
      await token({ ...web(), ...(await withPkce()), code_verifier: CHALLENGE }),
    ).toMatchObject(refuses("invalid_grant"));
  });

  test("PKCE that was taken out of the first step", async () => {
    expect(
      await token({ ...web(), ...(await codeFor()), code_verifier: "v".repeat(43) }),
    ).toMatchObject(refuses("invalid_grant"));
  });

  test("a confidential client without its secret", async () => {
    expect(await token({ client_id: "web", ...(await codeFor()) })).toMatchObject(
      refuses("invalid_client"),
    );
  });

  test.each([
    ["a wrong secret", "web", "wrong"],
    ["an empty secret", "web", ""],
    ["the secret of another client", "web", "machine"],
    ["a client that nobody knows", "nobody", "wrong"],
    ["a public client that shows a secret", "local", "wrong"],
  ])("%s, in the header and in the form", async (_name, id, secret) => {
    const shown = secret === "machine" ? cognito.secret("machine") : secret;
    const fields = { grant_type: "client_credentials" };

    const answers = [
      await token(fields, basic(id, shown)),
      await token({ ...fields, client_id: id, client_secret: shown }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(JSON.stringify(answers.map(({ json }) => json))).not.toContain("access_token");
  });

  test("a secret in the header and in the form", async () => {
    expect(await token(machine(), basic("machine", cognito.secret("machine")))).toMatchObject(
      refuses("invalid_request"),
    );
  });

  test("one client in the header and another in the form", async () => {
    expect(
      await token(
        { grant_type: "client_credentials", client_id: "web" },
        basic("machine", cognito.secret("machine")),
      ),
    ).toMatchObject(refuses("invalid_client"));
  });

  test("a browser client as a machine", async () => {
    expect(await token({ ...web(), grant_type: "client_credentials" })).toMatchObject(
      refuses("unauthorized_client"),
    );
  });

  test("a machine with a code", async () => {
    const code = await codeFor();

    expect(await token({ ...machine(), ...code })).toMatchObject(refuses("unauthorized_client"));
  });

  test.each([
    "password",
    "implicit",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "__proto__",
  ])("grant type %s", async (grant_type) => {
    expect(await token({ ...machine(), grant_type })).toMatchObject(
      refuses("unsupported_grant_type"),
    );
  });

  test.each([
    ["a scope that nobody has", "smarthome-gateway/admin"],
    ["a scope of people", "openid"],
    ["one good and one bad scope", `${READ} smarthome-gateway/admin`],
  ])("a machine that asks for %s", async (_name, scope) => {
    expect(await token({ ...machine(), scope })).toMatchObject(refuses("invalid_scope"));
  });

  test("a field that is said twice", async () => {
    const fields = [...Object.entries(machine()), ["scope", READ], ["scope", WRITE]] as const;

    expect(
      await postForm(
        `${cognito.url}/oauth2/token`,
        fields as readonly (readonly [string, string])[],
      ),
    ).toMatchObject(refuses("invalid_request"));
  });

  test("credentials as JSON", async () => {
    const response = await fetch(`${cognito.url}/oauth2/token`, {
      method: "POST",
      body: JSON.stringify(machine()),
      headers: { "content-type": "application/json" },
    });

    expect([response.status, await response.json()]).toEqual([400, { error: "invalid_request" }]);
  });

  test("credentials in the address", async () => {
    const response = await fetch(`${cognito.url}/oauth2/token?${new URLSearchParams(machine())}`);

    expect(response.status).toBe(404);
  });

  test("a refresh token of another client", async () => {
    const { refresh_token } = await refreshToken();

    expect(
      await token({ client_id: "local", grant_type: "refresh_token", refresh_token }),
    ).toMatchObject(refuses("invalid_grant"));
  });

  test("an access token as a refresh token", async () => {
    const { access_token } = await refreshToken();

    expect(
      await token({ ...web(), grant_type: "refresh_token", refresh_token: access_token }),
    ).toMatchObject(refuses("invalid_grant"));
  });

  test("a refresh that asks for more stays with what was granted", async () => {
    const { refresh_token } = await refreshToken();

    const { json } = await token({
      ...web(),
      grant_type: "refresh_token",
      refresh_token,
      scope: `openid ${READ} ${WRITE}`,
    });

    expect(claimsOf((json as { access_token: string }).access_token).scope).toBe(`openid ${READ}`);
  });

  test("a client revokes only its own refresh tokens", async () => {
    const { refresh_token, access_token } = await refreshToken();
    const revoke = (fields: Readonly<Record<string, string>>) =>
      postForm(`${cognito.url}/oauth2/revoke`, fields);

    const answers = [
      await revoke({ client_id: "local", token: refresh_token }),
      await revoke({ ...web(), token: access_token }),
      await revoke({ ...web(), client_secret: "wrong", token: refresh_token }),
      await token({ ...web(), grant_type: "refresh_token", refresh_token }),
    ];

    expect(answers).toMatchObject([
      { status: 400, json: { error: "invalid_request" } },
      { status: 400, json: { error: "unsupported_token_type" } },
      { status: 400, json: { error: "invalid_client" } },
      { status: 200 },
    ]);
  });

  test("userInfo tells nothing for an ID token, a machine's token, or one without a signature", async () => {
    const { id_token, access_token } = await refreshToken();
    const { json } = await token(machine());
    const [, payload = ""] = access_token.split(".");
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    const ask = (bearer: string) =>
      fetch(`${cognito.url}/oauth2/userInfo`, { headers: { authorization: `Bearer ${bearer}` } });

    const answers = await Promise.all([
      ask(id_token),
      ask((json as { access_token: string }).access_token),
      ask(none),
      fetch(`${cognito.url}/oauth2/userInfo?access_token=${access_token}`),
      ask(access_token),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 200]);
  });
});

test("nothing that was tried here is in the log: no password, secret, code or token", () => {
  const log = cognito.lines.join("\n");

  expect(log).not.toContain(cognito.password);
  expect(log).not.toContain(cognito.secret("web"));
  expect(log).not.toMatch(/eyJ|code=|client_secret|password=/);
});
