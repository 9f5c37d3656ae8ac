import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { GrantName } from "#aws/grants.ts";
import { DEMO_HOME_FILE, startHome } from "../../scripts/start/start-home.ts";
import { type Spoiling, spoiledAssembly } from "../support/spoiled-assembly.ts";
import { LAN, verifyHouse } from "../support/verified-house.ts";

/** The checks that fail at a stack with something wrong in it, each with its code and its sentence. */
const failuresAt = async (spoiling: Spoiling): Promise<readonly string[]> => {
  const data = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const house = await startHome({
    assembly: async () => spoiledAssembly(spoiling),
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, mqtt: 0, console: 0 },
    homeFile: DEMO_HOME_FILE,
    isEmpty: true,
    lan: LAN,
    log: () => undefined,
  });
  onTestFinished(() => house.close());

  const { ended, checks } = await verifyHouse(house);

  expect(ended.code, ended.output).toBe(1);
  return checks
    .filter(({ state }) => state === "fails")
    .map(({ check, code, summary }) => `${String(check)} [${String(code)}] ${String(summary)}`);
};

const without = (...grants: readonly GrantName[]): Spoiling => ({
  props: { leaveOutGrants: grants },
});

const responding = (shape: string): Spoiling => ({
  handler: {
    id: "ToolGatewayInterceptToolCall",
    code: `import { handler as real } from "./real.mjs";
export const handler = async (event, context) => {
  const output = await real(event, context);
  const response = output.mcp.transformedGatewayResponse;
  if (event.mcp.gatewayResponse === null) return output;
  ${shape}
  return output;
};
`,
  },
});

// REQ: deployment-verified
describe("each fault makes the verification fail with a sentence that names the cause", () => {
  test.each<readonly [string, Spoiling, RegExp]>([
    [
      "the RESPONSE interceptor loses the headers",
      responding("response.headers = {};"),
      /^mcp session \[ContentTypeLost\] .*the RESPONSE interceptor lost its headers/,
    ],
    [
      "the RESPONSE interceptor loses a denial's challenge",
      responding(
        "for (const name of Object.keys(response.headers)) if (/authenticate/i.test(name)) delete response.headers[name];",
      ),
      /^narrow token \[ChallengeLost\] .*RESPONSE interceptor lost it/,
    ],
    [
      "the RESPONSE interceptor passes a denial's empty body on",
      responding("if (response.statusCode === 403) response.body = null;"),
      /^narrow token \[DenialEmpty\] .*the RESPONSE interceptor was given none/,
    ],
    [
      "the RESPONSE interceptor marks no refusal",
      responding("if (response.body?.result) delete response.body.result.isError;"),
      /^guest \[RefusalNotMarked\] .*did not mark it/,
    ],
    [
      "the RESPONSE interceptor shows no tools",
      responding("if (response.body?.result?.tools) response.body.result.tools = [];"),
      /^mcp session \[ToolsMissing\] The client is not shown home___get_home/,
    ],
    [
      "the gateway advertises no scopes",
      { props: { allowedScopes: [] } },
      /^sign-in way \[\w+\] .*scope/i,
    ],
    [
      "the rule writes nested values as texts",
      { texts: [["current.state.reported AS after", "'flat' AS after"]] },
      /^audit records/,
    ],
    [
      "publish-commands may not publish",
      without("publish-commands may publish"),
      /^scene \[NotSent\] .*publish-commands may not/,
    ],
    [
      "the rule may not write",
      without("iot-rule may put acknowledgements"),
      /^scene \[AcknowledgementLost\] .*the rule record_acknowledgement/,
    ],
    [
      "last wills are not republished",
      without("iot-rule may republish last wills"),
      /^last will \[LastWillLost\] .*the rule republish_last_will/,
    ],
    [
      "commands cannot be taken back",
      without("conclude-run may update shadows"),
      /^withdrawal \[CommandLeftStanding\] .*conclude-run could not take it back/,
    ],
    [
      "refusals are not recorded",
      without("home may record refusals"),
      /^guest \[RefusalNotRecorded\] .*home may not write refusals/,
    ],
    [
      "the gateway may not invoke home",
      without("gateway may invoke home"),
      /^scene \[ToolFailed\] The function behind home___run_scene failed/,
    ],
    [
      "the gateway may not invoke its interceptors",
      without("gateway may invoke intercept-tool-call"),
      /^mcp session \[SessionRefused\] .*Access denied while invoking .*InterceptToolCall/,
    ],
    ["the workflow may not record", without("run-scene may put audit records"), /^scene \[\w+\] /],
  ])("%s", async (_, spoiling, sentence) => {
    const failures = await failuresAt(spoiling);

    expect(
      failures.find((failure) => sentence.test(failure)),
      failures.join("\n"),
    ).toBeDefined();
    // Whatever is wrong, what the command made is taken away again.
    expect(failures.filter((failure) => failure.startsWith("removal"))).toEqual([]);
  });
});
