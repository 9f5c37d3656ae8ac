import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Memberships } from "#domain/access/membership.ts";
import { parseApproval } from "#domain/audit/approval-record.ts";
import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { parsePlanRecord } from "#domain/audit/plan-record.ts";
import { parseRequestRecord } from "#domain/audit/request-record.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { type Home, parseHome } from "#domain/home/home.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { approvalKey, planKey } from "#domain/home/keys.ts";
import type { Scene } from "#domain/home/scene.ts";
import { commandableState, isAsWanted, type ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import type { DeviceReport } from "#domain/look/device-report.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { plannedCommands } from "#domain/run/plan.ts";
import { runResult } from "#domain/run/run-result.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { AT_HOME } from "../at-home.ts";

// The demo home on a Friday evening, 21:30 in Berlin, with sensors at its windows, whose devices do at once what they are
// asked: the adapters of the functions, kept in memory, so that hundreds of calls take no time.

/** When it begins. */
export const EVENING_MS = Date.parse("2026-11-27T20:30:00.000Z");

const SENSORS = [
  {
    id: "kitchen_window",
    name: "Kitchen window",
    kind: "sensor",
    senses: ["contact", "battery"],
    room: "Kitchen",
  },
  {
    id: "bedroom_window",
    name: "Bedroom window",
    kind: "sensor",
    senses: ["contact"],
    room: "Bedroom",
  },
  {
    id: "hall_climate",
    name: "Hall sensor",
    kind: "sensor",
    senses: ["temperature", "motion"],
    room: "Hall",
  },
];
const SENSED: Readonly<Record<string, ReportedState>> = {
  kitchen_window: { contact: { open: true }, battery: { percent: 80 }, online: true },
  bedroom_window: { contact: { open: false }, online: false },
  hall_climate: { temperature: { celsius: 19.5 }, motion: { detected: false }, online: true },
};
const RESIDENT: Memberships = {
  homes: [{ home: AT_HOME.home, role: "resident", name: "Home" }],
  isOperatorOfAll: false,
};
const META: HomeMeta = {
  home: AT_HOME.home,
  name: "Home",
  timeZone: "Europe/Berlin",
  state: "active",
  createdAt: "2026-01-01T00:00:00.000Z",
  position: { latitude: 52.52, longitude: 13.405 },
};

let home: Home;
let reported: Map<string, ReportedState>;
let reports: Map<string, DeviceReport[]>;
let runs: Map<string, RunRecords>;
let records: AuditRecord[];
let schedules: Map<string, Schedule>;

/** The evening begins anew. */
export const beginEvening = (): void => {
  const content = { ...demoHome, devices: [...demoHome.devices, ...SENSORS] };
  home = { ...parseHome(content, AT_HOME), meta: META };
  const initial: Readonly<Record<string, ReportedState>> = demoHome.initial;
  reported = new Map(
    home.devices.map(({ id, thing }) => [thing, SENSED[id] ?? { ...initial[id], online: true }]),
  );
  reports = new Map();
  runs = new Map();
  records = [];
  schedules = new Map();
};

/** What the device of that id reports. */
export const reportOf = (id: string): ReportedState => reported.get(`home-${id}`) ?? {};

/** In the place of #adapters/home-table.ts, and so on for the others. */
export const homeTable = {
  readHome: async () => home,
  readMemberships: async () => RESIDENT,
};

export const auditTable = {
  readRun: async (_: string, __: unknown, run: string) => runs.get(run),
  readVisits: async () => [],
  hasOutcome: async () => false,
  putRecord: async (_: string, record: AuditRecord) => {
    records.push(record);
  },
  putFirstRecord: async (_: string, record: AuditRecord) => {
    if (records.some(({ PK, SK }) => PK === record.PK && SK === record.SK)) return false;
    records.push(record);
    return true;
  },
};

const recordsUnder = (partition: string) => records.filter(({ PK }) => PK === partition);

export const planRecords = {
  readShownPlan: async (_: string, __: unknown, hash: string) => {
    const record = recordsUnder(planKey(AT_HOME.home, hash)).at(-1);
    return record === undefined ? undefined : parsePlanRecord(record);
  },
  readApproval: async (_: string, __: unknown, id: string) =>
    parseApproval(recordsUnder(approvalKey(AT_HOME.home, id))),
};

const shadowsOf = async (things: readonly string[]) =>
  new Map(
    things.flatMap((thing) => {
      const state = reported.get(thing);
      const view = { reported: state, onlineSaidAtMs: EVENING_MS - 3_600_000 };
      return state === undefined ? [] : [[thing, { version: 1, view }] as const];
    }),
  );

export const deviceShadows = { getShadows: shadowsOf, getEveryShadow: shadowsOf };

export const sceneTable = {
  putScene: async (_: string, __: unknown, ___: Scene | undefined, scene: Scene) => {
    home = { ...home, scenes: [...home.scenes.filter(({ id }) => id !== scene.id), scene] };
    return true;
  },
};

export const deviceHistory = {
  readDeviceReports: async (_: string, __: unknown, { thing }: { readonly thing: string }) =>
    (reports.get(thing) ?? []).toReversed(),
  readRequest: async (_: string, __: unknown, run: string) => runs.get(run),
  readDeviceOutcomes: async (_: string, __: unknown, device: string) =>
    [...runs.values()].flatMap(({ conclusion }) =>
      (conclusion?.outcomes ?? []).filter((one) => one.device === device),
    ),
};

export const workflow = {
  runWorkflow: async (_: string, id: string, input: unknown) => {
    if (runs.has(id)) return { is: "over", output: { isAlreadyRequested: true } };
    if (!isObject(input) || !isObject(input.record)) throw new Error("no input of a run");
    const stored = unmarshall(input.record as Parameters<typeof unmarshall>[0]);
    const request = parseRequestRecord({ ...stored, plan: input.plan });
    const outcomes = plannedCommands(request.plan).map(({ stage, command }): DeviceOutcome => {
      const before = reported.get(command.thing) ?? {};
      const has = before[command.kind];
      const want: ReportedState = { ...command.want };
      const values = want[command.kind];
      const after: ReportedState = {
        ...before,
        [command.kind]: {
          ...(isObject(has) ? has : {}),
          ...(isObject(values) ? values : {}),
        },
      };
      reported.set(command.thing, after);
      const atMs = Date.now() + 500;
      const report = { atMs, run: id, stage: stage.index, status: "SUCCEEDED", before, after };
      reports.set(command.thing, [...(reports.get(command.thing) ?? []), report]);
      return {
        device: command.device,
        name: command.name,
        stage: stage.index,
        stageName: stage.name,
        outcome: isAsWanted(command.want, before, command.step) ? "already_there" : "confirmed",
        asked: command.want,
        before: commandableState(command.kind, before),
        after: commandableState(command.kind, after),
        askedAtMs: Date.now(),
        acknowledgedAtMs: atMs,
        windowSeconds: command.windowSeconds,
      };
    });
    const finishedAt = new Date(Date.now() + 500).toISOString();
    runs.set(id, { ...request, acknowledgements: [], conclusion: { outcomes, finishedAt } });
    const { plan, planHash } = request;
    return {
      is: "over",
      output: runResult(request.request, plan, planHash, outcomes, finishedAt),
    };
  },
};

export const homeSchedules = {
  readHomeMeta: async () => META,
  readSchedules: async () => [...schedules.values()],
  readNewestFirings: async () => [],
  writeSchedule: async (_: string, schedule: Schedule) => {
    schedules.set(schedule.schedule, schedule);
  },
  deleteSchedule: async (_: string, { schedule }: Schedule) => {
    schedules.delete(schedule);
  },
};

export const scheduler = { place: async () => {}, remove: async () => {} };
