import { expect } from "vitest";
import type { Memberships } from "#domain/access/membership.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import type { Home } from "#domain/home/home.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { handler } from "../../functions/home/handler.ts";
import { answer, GOODNIGHT, RUN, SENT_AT_MS } from "../domain/goodnight.ts";
import { AT_HOME } from "../support/at-home.ts";
import { lambdaContext } from "./lambda-context.ts";

/** A hall with a door and a lamp, and one scene for both. */
export const HOME: Home = {
  place: AT_HOME,
  devices: [
    {
      id: "front_door",
      name: "Front door",
      aliases: ["main door"],
      kind: "lock",
      room: "Hall",
      thing: "home-front_door",
    },
    {
      id: "hall_lamp",
      name: "Hall lamp",
      aliases: [],
      kind: "light",
      room: "Hall",
      thing: "home-hall_lamp",
    },
  ],
  groups: [],
  floors: [],
  scenes: [
    {
      id: "goodnight",
      name: "Goodnight",
      aliases: ["bed time"],
      version: 3,
      stages: [
        {
          name: "close and lock",
          devices: { hall_lamp: { light: { on: false } }, front_door: { lock: { locked: true } } },
          required: ["front_door"],
          transitionSeconds: 0,
          windowSeconds: {},
        },
      ],
    },
  ],
};

/** A run that goes on; the door has answered. */
export const RECORDS: RunRecords = {
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "sub-anna", clientId: "client-web", username: "anna", scopes: ["write"] },
    role: "resident",
    reason: "going to bed",
    requestedAt: "2026-01-02T22:00:00.000Z",
  },
  plan: GOODNIGHT,
  planHash: "sha256:abc",
  acknowledgements: [answer("home-front_door", 0, { lock: { locked: true } })],
};

/** The same run, concluded. */
export const CONCLUDED: RunRecords = {
  ...RECORDS,
  conclusion: { outcomes: [], finishedAt: "2026-01-02T22:00:02.000Z" },
};

/** Scopes as the gateway passes them on. */
export const READ_ONLY = "smarthome-gateway/read";
export const BOTH = "smarthome-gateway/read smarthome-gateway/write";

/** The headers in which the gateway tells who calls. */
export const headersOf = (scopes: string): Readonly<Record<string, string>> => ({
  "x-caller-sub": "sub-anna",
  "x-caller-client-id": "client-web",
  "x-caller-username": "anna",
  "x-caller-scopes": scopes,
});

/** The same for the machine client, which has no name. */
export const MACHINE: Readonly<Record<string, string>> = {
  ...headersOf(BOTH),
  "x-caller-sub": "machine",
  "x-caller-client-id": "machine",
};

/** Calls a tool as the gateway does. */
export const call = (
  tool: string,
  args: unknown,
  headers: unknown = headersOf(BOTH),
): Promise<unknown> =>
  handler(
    args,
    lambdaContext({
      custom: {
        bedrockAgentCoreToolName: `home___${tool}`,
        bedrockAgentCorePropagatedHeaders: headers,
      },
    }),
  );

/** A text that contains another. */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** A plan's hash. */
export const aPlanHash: unknown = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);

/** What a tool answers that refuses, having done nothing. */
export const refusal = (code: string): unknown => ({
  error: { code, message: containing("Nothing was changed.") },
});

/** Somebody who lives in that home, and in no other. */
export const RESIDENT: Memberships = {
  homes: [{ home: AT_HOME.home, role: "resident", name: "Home" }],
  isOperatorOfAll: false,
};

/** What a table is asked with: the proof that the caller belongs to the home. */
export const anAccess: unknown = expect.objectContaining({
  about: { name: "Home", role: "resident", isOneOfSeveral: false, isVisit: false },
});

/** The lamp of the hall after a run that turned it off. */
export const LAMP_CONFIRMED: DeviceOutcome = {
  device: "hall_lamp",
  name: "Hall lamp",
  stage: 0,
  stageName: "close and lock",
  outcome: "confirmed",
  asked: { light: { on: false } },
  before: { light: { on: true, brightness: 40 } },
  after: { light: { on: false } },
  askedAtMs: SENT_AT_MS,
  acknowledgedAtMs: SENT_AT_MS + 500,
  windowSeconds: 2,
};
