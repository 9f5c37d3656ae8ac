import { beforeEach, expect, test, vi } from "vitest";
import { publishMeasures } from "#adapters/metrics.ts";
import { handler } from "../../functions/run-canary/handler.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("MACHINE_SECRET_ARN", "secret");
  vi.stubEnv("TOKEN_URL", "https://sign-in.example/oauth2/token");
  vi.stubEnv("GATEWAY_URL", "https://gateway.example/mcp");
  vi.stubEnv("THING_PREFIX", "dev-");
});
const { callTool, lamp, things } = vi.hoisted(() => ({
  callTool: vi.fn(),
  lamp: { switchOn: vi.fn(), obey: vi.fn() },
  things: [] as string[],
}));
vi.mock("#adapters/machine/machine-token.ts", () => ({ machineTokens: vi.fn() }));
vi.mock("#adapters/machine/tool-gateway.ts", () => ({ toolGateway: () => ({ callTool }) }));
vi.mock("#adapters/simulated-lamp.ts", () => ({
  simulatedLamp: (thing: string) => {
    things.push(thing);
    return lamp;
  },
}));
vi.mock("#adapters/metrics.ts", () => ({ publishMeasures: vi.fn() }));

const measures = vi.mocked(publishMeasures);

beforeEach(() => {
  measures.mockReset();
  callTool.mockReset();
  lamp.switchOn.mockReset().mockResolvedValue(undefined);
  lamp.obey.mockReset().mockResolvedValue(undefined);
});

const failures = () => measures.mock.calls[0]?.[0].find(({ name }) => name === "CanaryFailures");

// REQ: canary
test("a scene that is done counts as no failure, and the lamp was played meanwhile", async () => {
  callTool.mockResolvedValue({ structuredContent: { run_id: "run_1", result: "done" } });

  const end = await handler({}, lambdaContext());

  expect(end).toMatchObject({ done: true });
  expect(failures()).toEqual({ name: "CanaryFailures", value: 0, unit: "Count" });
  expect(callTool.mock.calls[0]).toMatchObject([
    "home___run_scene",
    { home: "canary", scene: "canary", reason: "canary" },
  ]);
  expect(lamp.obey).toHaveBeenCalled();
  expect(things).toEqual(["dev-canary-lamp"]);
});

test.each([
  [
    "a run that was not done",
    { structuredContent: { run_id: "run_1", result: "failed" } },
    "run_1 ended failed",
  ],
  [
    "a refusal",
    { structuredContent: { error: { code: "NoHome", message: "You belong to no home." } } },
    "NoHome: You belong to no home.",
  ],
])("%s counts as a failure, and is told", async (_, answer, why) => {
  callTool.mockResolvedValue(answer);

  const end = await handler({}, lambdaContext());

  expect(end).toMatchObject({ done: false, why });
  expect(failures()?.value).toBe(1);
});

test("what breaks on the way is counted, and not thrown: the next quarter of an hour tries again", async () => {
  callTool.mockRejectedValue(new Error("The gateway: cannot be reached."));

  const end = await handler({}, lambdaContext());

  expect(end).toMatchObject({ done: false, why: "The gateway: cannot be reached." });
  expect(failures()?.value).toBe(1);
});
