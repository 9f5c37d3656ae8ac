// What sign-in and the gateway cost: tokens a second, the gateway's own share of a call, one sign-in.
import { type AwsAccess, callAws } from "#local/wire/aws-call.ts";
import { claimsOf } from "../local/cognito/support.ts";
import { startSignedInGateway } from "../local/gateway/signed-in-gateway.ts";
import { post, REQUEST_ARN, RESPONSE_ARN, TOOL_ARN } from "../local/gateway/support.ts";

const show = (what: string, times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  console.log(`${what.padEnd(46)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms`);
};

const measure = async (n: number, ask: (i: number) => Promise<unknown>): Promise<number[]> => {
  for (let i = 0; i < 50; i += 1) await ask(i);
  const times: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const before = performance.now();
    await ask(i);
    times.push(performance.now() - before);
  }
  return times;
};

interface InterceptorEvent {
  readonly mcp: {
    readonly gatewayRequest: { readonly body: unknown };
    readonly gatewayResponse: { readonly body: unknown };
  };
}

const interceptors = {
  gateway: {
    InterceptorConfigurations: [
      ["REQUEST", REQUEST_ARN],
      ["RESPONSE", RESPONSE_ARN],
    ].map(([point, arn]) => ({
      InterceptionPoints: [point],
      Interceptor: { Lambda: { Arn: arn } },
      InputConfiguration: { PassRequestHeaders: true },
    })),
  },
  handlers: {
    [REQUEST_ARN]: (event: unknown) => ({
      interceptorOutputVersion: "1.0",
      mcp: {
        transformedGatewayRequest: { body: (event as InterceptorEvent).mcp.gatewayRequest.body },
      },
    }),
    [RESPONSE_ARN]: (event: unknown) => ({
      interceptorOutputVersion: "1.0",
      mcp: {
        transformedGatewayResponse: { body: (event as InterceptorEvent).mcp.gatewayResponse.body },
      },
    }),
  },
};

const CALL = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "home___run_scene", arguments: { scene: "goodnight" } },
};

const invoke = (access: AwsAccess) =>
  callAws(access, {
    service: "lambda",
    method: "POST",
    path: `/2015-03-31/functions/${encodeURIComponent(TOOL_ARN)}/invocations`,
    body: JSON.stringify({ scene: "goodnight" }),
  });

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const plain = await startSignedInGateway({ callsPerSecond: 1_000_000 });
const both = await startSignedInGateway({ ...interceptors, callsPerSecond: 1_000_000 });

const token = await plain.machineToken();
const direct = await measure(1000, () => invoke(plain.functions.access));
const pings = await measure(1000, () =>
  post(plain.url, token, { jsonrpc: "2.0", id: 1, method: "ping" }),
);
const calls = await measure(1000, () => post(plain.url, token, CALL));
const bothToken = await both.machineToken();
const intercepted = await measure(1000, () => post(both.url, bothToken, CALL));
show("the function alone, through the AWS endpoint", direct);
show("ping", pings);
show("tools/call", calls);
show("tools/call with both interceptors", intercepted);
console.log(
  `the gateway adds ${(median(calls) - median(direct)).toFixed(2)} ms to a call (p50), ` +
    `both interceptors a further ${(median(intercepted) - median(calls)).toFixed(2)} ms`,
);

const TOKENS = 1000;
const before = performance.now();
const minted: string[] = [];
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (minted.length < TOKENS) minted.push(await plain.machineToken());
  }),
);
const perSecond = minted.length / ((performance.now() - before) / 1000);
console.log(
  `tokens a second, 8 at once: ${perSecond.toFixed(0)} (all different: ${new Set(minted.map((t) => claimsOf(t).jti)).size === minted.length})`,
);
show("one token", await measure(200, () => plain.machineToken()));

const authorize = `${plain.cognito.url}/oauth2/authorize?${new URLSearchParams({
  response_type: "code",
  client_id: "local",
  redirect_uri: "http://localhost:9/callback",
})}`;
const signIns: number[] = [];
for (let i = 0; i < 30; i += 1) {
  const start = performance.now();
  const callback = await plain.signIn(authorize);
  await fetch(`${plain.cognito.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: "local",
      redirect_uri: "http://localhost:9/callback",
      code: callback.searchParams.get("code") ?? "",
    }),
  });
  signIns.push(performance.now() - start);
}
show("sign-in: authorize, form, password, code, tokens", signIns);

await Promise.all([plain.close(), both.close()]);
