import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { test } from "vitest";
import { machineToken } from "../../scripts/command/home-client.ts";
import { type Journey, startJourney } from "../support/journey.ts";

// The real garage door has a window of 60 s, as long as both generations of the official SDK wait for an answer unless
// they are told otherwise; nobody tells them here. Both tests take that window's minute, the same one, in a house each.
type Answer = Readonly<Record<string, unknown>>;
type Call = (tool: string, args: Answer) => Promise<Answer>;

const callWith =
  (callTool: (called: { name: string; arguments: Answer }) => Promise<object>): Call =>
  async (tool, args) => {
    const answer = await callTool({ name: `home___${tool}`, arguments: args });
    return (answer as { readonly structuredContent: Answer }).structuredContent;
  };

const connect = async (
  house: Journey,
  atEnd: (close: () => Promise<void>) => void,
): Promise<readonly [current: Call, previous: Call]> => {
  const url = new URL(house.home.endpoints.gateway.url);
  const authorization = `Bearer ${await machineToken(house.home.endpoints)}`;
  const requestInit = { headers: { authorization } };
  const current = new Client({ name: "test", version: "1" });
  await current.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const previous = new ClientV1({ name: "test", version: "1" });
  await previous.connect(new TransportV1(url, { requestInit }));
  atEnd(async () => {
    await current.close();
    await previous.close();
  });
  return [
    callWith((called) => current.callTool(called)),
    callWith((called) => previous.callTool(called)),
  ];
};

/** What a call answers, and after how many seconds. */
const timed = async (call: Promise<Answer>): Promise<readonly [Answer, number]> => {
  const begunMs = performance.now();
  return [await call, (performance.now() - begunMs) / 1000];
};

const GARAGE_DOOR = { device: "garage_door", name: "Garage door" };

// REQ: answers-in-time
// REQ: joined-runs
test.concurrent.for<readonly [string, Answer]>([
  ["without a request id", {}],
  ["with a request id", { request_id: "to-bed" }],
])(
  "in front of a door that keeps silent for a minute, %s: each call is answered in time, all are one run, and get_run goes on to its end",
  async ([, which], { expect, onTestFinished }) => {
    const house = await startJourney({ faults: "garage_door=silent" });
    onTestFinished(() => house.close());
    const [current, previous] = await connect(house, onTestFinished);
    const goodnight = { scene: "goodnight", ...which };

    const atOnce = await Promise.all([
      timed(current("run_scene", goodnight)),
      timed(previous("run_scene", goodnight)),
    ]);
    const after = await timed(previous("run_scene", goodnight));
    const run = String(after[0].run_id);
    const end = await timed(current("get_run", { run_id: run, wait_s: 45 }));

    for (const [answer, seconds] of [...atOnce, after]) {
      expect(answer).toMatchObject({
        result: "running",
        run_id: run,
        still_awaited: [GARAGE_DOOR],
        next: `Call get_run with {"run_id":"${run}","wait_s":45}: it answers when the run ends.`,
      });
      expect(seconds).toBeGreaterThan(19);
      expect(seconds).toBeLessThan(30);
    }
    expect(atOnce.filter(([{ joined }]) => joined !== undefined)).toHaveLength(1);
    expect(after[0].joined).toContain("Nothing was sent again");
    expect(end[0]).toMatchObject({
      result: "stopped",
      run_id: run,
      devices_not_confirmed: expect.arrayContaining([
        expect.objectContaining({ ...GARAGE_DOOR, outcome: "timed_out" }),
      ]) as unknown,
    });
    expect(end[1]).toBeLessThan(45);
    const records = await house.auditOf(run);
    expect(records.filter(({ SK }) => SK === "RUN" || SK === "OUTCOME")).toHaveLength(2);
  },
);
