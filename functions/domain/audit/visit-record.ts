import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { type Role, roleNamed } from "#domain/access/membership.ts";
import { FORMAT, requireFormat } from "#domain/format.ts";
import { accessKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import type { AuditRecord } from "./audit-record.ts";

/** A look at a home by somebody who does not live there. */
export interface Visit {
  readonly tool: string;
  /** What was looked at, where a call names it. */
  readonly subject?: string;
  /** ISO 8601. */
  readonly at: string;
  /** Tells two looks of one moment apart. */
  readonly id: string;
}

/** The record of a look, written before it is answered; the people of the home can read it. */
export const visitRecord = (
  access: HomeAccess,
  caller: Caller,
  { tool, subject, at, id }: Visit,
): AuditRecord => {
  const home = homeOf(access);
  const { role, reason } = access.about;
  return {
    PK: accessKey(home, at.slice(0, 7)),
    SK: `${at}#${id}`,
    v: FORMAT,
    home,
    sub: caller.sub,
    ...(caller.username === undefined ? {} : { username: caller.username }),
    clientId: caller.clientId,
    role,
    ...(reason === undefined ? {} : { reason }),
    tool,
    ...(subject === undefined ? {} : { subject }),
    at,
  };
};

/** A look, as the people of the home are told of it. */
export interface RecordedVisit {
  /** ISO 8601. */
  readonly at: string;
  /** Username, or a machine's id. */
  readonly who: string;
  readonly role: Role;
  readonly tool: string;
  readonly subject?: string;
  readonly reason?: string;
}

/**
 * Reads a look's record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record
 */
export const parseVisitRecord = (item: Readonly<Record<string, unknown>>): RecordedVisit => {
  const record = `Look ${String(item.PK)} ${String(item.SK)}`;
  requireFormat(item, record);
  const { at, username, clientId, tool, subject, reason } = item;
  const who = username ?? clientId;
  const role = roleNamed(item.role);
  if (
    typeof at !== "string" ||
    typeof who !== "string" ||
    role === undefined ||
    typeof tool !== "string" ||
    !(subject === undefined || typeof subject === "string") ||
    !(reason === undefined || typeof reason === "string")
  ) {
    throw new HomeError("RecordInvalid", `${record} does not say who looked at what, and when.`);
  }
  return {
    at,
    who,
    role,
    tool,
    ...(subject === undefined ? {} : { subject }),
    ...(reason === undefined ? {} : { reason }),
  };
};

/** The month of a moment, such as `2026-11`, and the one before, in UTC. */
export const lastTwoMonths = (at: Date): readonly [string, string] => {
  const before = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1));
  return [at.toISOString().slice(0, 7), before.toISOString().slice(0, 7)];
};
