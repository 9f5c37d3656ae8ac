import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isObject } from "#domain/json.ts";
import { TOOLS } from "#domain/tools/tools.ts";
import { beginEvening, EVENING_MS } from "../support/tools/home-in-memory.ts";
import { call } from "./called-home.ts";

const { inMemory } = vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv("RUN_SCENE_STATE_MACHINE_ARN", "arn:aws:states:us-east-1:0:stateMachine:run-scene");
  return { inMemory: () => import("../support/tools/home-in-memory.ts") };
});
vi.mock("#adapters/home-table.ts", async () => (await inMemory()).homeTable);
vi.mock("#adapters/audit-table.ts", async () => (await inMemory()).auditTable);
vi.mock("#adapters/plan-records.ts", async () => (await inMemory()).planRecords);
vi.mock("#adapters/device-shadows.ts", async () => (await inMemory()).deviceShadows);
vi.mock("#adapters/device-history.ts", async () => (await inMemory()).deviceHistory);
vi.mock("#adapters/scene-table.ts", async () => (await inMemory()).sceneTable);
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
}));
vi.mock("#adapters/run-scene-workflow.ts", async () => (await inMemory()).workflow);
vi.mock("#adapters/home-schedules.ts", async () => (await inMemory()).homeSchedules);
vi.mock("#adapters/schedules-client.ts", async () => {
  const { scheduler } = await inMemory();
  return { stageScheduler: () => scheduler };
});

/** What somebody said, the calls that a good model makes of it, and what each is answered at least. */
interface Request {
  readonly request: string;
  readonly calls: readonly {
    readonly tool: string;
    /** `{"from": 1, "member": "run_id"}` is what the first call was answered. */
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly answer: object;
  }[];
}

const REQUESTS = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/household-requests.json"), "utf8"),
) as readonly Request[];

const ajv = new Ajv({ strict: false });
const fitsSchema = new Map(
  TOOLS.map(({ name, properties, required }) => [
    name as string,
    ajv.compile({ type: "object", properties, required, additionalProperties: false }),
  ]),
);

const filled = (value: unknown, answers: readonly unknown[]): unknown => {
  if (Array.isArray(value)) return value.map((one) => filled(one, answers));
  if (!isObject(value)) return value;
  if (typeof value.from === "number" && typeof value.member === "string") {
    const answer = answers[value.from - 1];
    return isObject(answer) ? answer[value.member] : undefined;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, filled(one, answers)]),
  );
};

beforeEach(() => {
  vi.useFakeTimers({ now: EVENING_MS, toFake: ["Date"] });
  beginEvening();
});
afterEach(() => {
  vi.useRealTimers();
});

test("there are sixty requests and more, each said once, and every tool is used", () => {
  const used = new Set(REQUESTS.flatMap(({ calls }) => calls.map(({ tool }) => tool)));

  expect(REQUESTS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(REQUESTS.map(({ request }) => request)).size).toBe(REQUESTS.length);
  expect([...used].sort()).toEqual(TOOLS.map(({ name }) => name as string).sort());
});

// REQ: household-requests
test.each(REQUESTS)("$request", async ({ calls }) => {
  const answers: unknown[] = [];
  for (const { tool, arguments: given, answer } of calls) {
    const args = filled(given, answers);
    const fits = fitsSchema.get(tool);
    expect({ fits: fits?.(args), errors: fits?.errors }).toEqual({ fits: true, errors: null });

    const said = await call(tool, args);

    expect(said).toMatchObject(answer);
    answers.push(said);
    // Whoever approves takes a while to read.
    vi.setSystemTime(Date.now() + 15_000);
  }
});
