import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readMachineSecret } from "#adapters/machine-secret.ts";
import { machineTokens } from "#adapters/machine-token.ts";
import { type Answer, type Heard, startScriptedServer } from "../../support/scripted-server.ts";

vi.mock("#adapters/machine-secret.ts", () => ({ readMachineSecret: vi.fn() }));

const SECRET = "secret+of/the test";

beforeEach(() => {
  vi.mocked(readMachineSecret)
    .mockReset()
    .mockResolvedValue({ clientId: "machine", clientSecret: SECRET });
});

const token = (name: string, expiresIn = 3600): Answer => ({
  status: 200,
  body: { access_token: name, expires_in: expiresIn, token_type: "Bearer" },
});

const serve = async (answer: (heard: Heard, nth: number) => Answer | undefined) => {
  const server = await startScriptedServer(answer);
  onTestFinished(() => server.close());
  const tokens = machineTokens({ secretArn: "arn", tokenUrl: `${server.origin}/oauth2/token` });
  return { server, tokens };
};

test("a token is asked for by client_credentials, with id and secret in the header", async () => {
  const { server, tokens } = await serve(() => token("first"));

  expect(await tokens.get()).toBe("first");
  expect(
    server.heard.map(({ path, body, headers }) => [path, body, headers.authorization]),
  ).toEqual([
    [
      "/oauth2/token",
      "grant_type=client_credentials",
      `Basic ${Buffer.from(`machine:${SECRET}`).toString("base64")}`,
    ],
  ]);
});

test("a hundred callers at once and those who come after share one request", async () => {
  const { server, tokens } = await serve((_, nth) => token(`token-${nth}`));

  const first = await Promise.all(Array.from({ length: 100 }, () => tokens.get()));

  expect(new Set([...first, await tokens.get()])).toEqual(new Set(["token-1"]));
  expect(server.heard.length).toBe(1);
});

test("a token that was refused is replaced, once for all who were refused with it", async () => {
  const { server, tokens } = await serve((_, nth) => token(`token-${nth}`));
  const refused = await tokens.get();

  tokens.forget(refused);
  const [second] = await Promise.all([tokens.get(), tokens.get()]);
  tokens.forget(refused);

  expect(second).toBe("token-2");
  expect(await tokens.get()).toBe("token-2");
  expect(server.heard.length).toBe(2);
});

// REQ: machine-token-throttled
test.for<readonly [string, Answer]>([
  ["429", { status: 429, body: { error: "too_many_requests" } }],
  [
    "400 with TooManyRequestsException",
    { status: 400, body: { error: "TooManyRequestsException" } },
  ],
  ["503", { status: 503, body: "<html>" }],
])("while Cognito answers %s it is asked again", async ([, busy]) => {
  const { server, tokens } = await serve((_, nth) => (nth < 3 ? busy : token("late")));

  expect(await tokens.get()).toBe("late");
  expect(server.heard.length).toBe(3);
});

describe("it is not asked again, and the error names no secret, when Cognito", () => {
  test.for<readonly [string, Answer, string]>([
    [
      "does not know the client",
      { status: 400, body: { error: "invalid_client" } },
      "The machine client was given no token: HTTP 400, invalid_client.",
    ],
    [
      "repeats what it was sent",
      { status: 400, body: { error: `no ${SECRET}`, error_description: SECRET } },
      "The machine client was given no token: HTTP 400, no.",
    ],
    [
      "answers with a page",
      { status: 404, body: "<html>" },
      "The machine client was given no token: HTTP 404.",
    ],
    [
      "answers without a token",
      { status: 200, body: {} },
      "The machine client was given no token: HTTP 200.",
    ],
  ])("%s", async ([, answer, message]) => {
    const { server, tokens } = await serve(() => answer);

    await expect(tokens.get()).rejects.toMatchObject({ code: "SignInFailed", message });
    expect(server.heard.length).toBe(1);
  });
});

test("after a failure the next caller asks anew", async () => {
  const { tokens } = await serve((_, nth) =>
    nth === 1 ? { status: 400, body: { error: "invalid_client" } } : token("second"),
  );

  await expect(tokens.get()).rejects.toMatchObject({ code: "SignInFailed" });
  expect(await tokens.get()).toBe("second");
});
