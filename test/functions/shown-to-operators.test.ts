import { expect, test, vi } from "vitest";
import { handler } from "../../functions/intercept-tool-call/handler.ts";
import { accessToken } from "./access-token.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("GATEWAY_NAME", "smarthome-gateway");
  vi.stubEnv("AWS_REGION", "us-east-1");
});

const READ = "smarthome-gateway/read";

const shownTo = async (groups: unknown, scope = READ): Promise<unknown> => {
  const authorization = `Bearer ${accessToken(scope, groups === undefined ? {} : { "cognito:groups": groups })}`;
  const output = await handler(
    {
      mcp: {
        gatewayRequest: { headers: { authorization }, body: { method: "tools/list" } },
        gatewayResponse: {
          statusCode: 200,
          body: {
            result: { tools: [{ name: "home___get_home" }, { name: "fleet___list_fleet_runs" }] },
          },
        },
      },
    },
    lambdaContext(),
  );
  return output;
};

const listing = (...names: readonly string[]) => ({
  mcp: {
    transformedGatewayResponse: { body: { result: { tools: names.map((name) => ({ name })) } } },
  },
});

test("the list of all homes' runs is shown to operators", async () => {
  expect(await shownTo(["residents", "operators"])).toMatchObject(
    listing("home___get_home", "fleet___list_fleet_runs"),
  );
});

test.each([
  ["residents", ["residents"]],
  ["somebody in no group, or a machine", undefined],
  ["a group with a name like theirs", ["operators#b", "Operators", "ex-operators"]],
  ["groups that are a text", "operators"],
  ["groups within groups", [["operators"]]],
])("and not to %s", async (_, groups) => {
  expect(await shownTo(groups)).toMatchObject(listing("home___get_home"));
});

test("nor to operators whose token may not read", async () => {
  expect(await shownTo(["operators"], "openid")).toMatchObject(listing());
});
