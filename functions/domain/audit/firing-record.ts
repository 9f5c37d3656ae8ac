import { FORMAT, requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { scheduleFiringsKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import type { AuditRecord } from "./audit-record.ts";

/**
 * What became of a firing: a run was started (`fired`), the schedule's own rules left it out (`skipped`), it came too
 * late (`missed`), the home said no (`refused`), or an attempt broke off (`failed`) and another may follow.
 */
export type FiringKind = "fired" | "skipped" | "missed" | "refused" | "failed";

/** One firing of a schedule, or one attempt of it. */
export interface Firing {
  readonly home: HomeId;
  readonly schedule: string;
  /** What the schedule was called then. */
  readonly name: string;
  readonly scene: string;
  readonly kind: FiringKind;
  /** The planned moment, ISO 8601 with milliseconds, UTC. */
  readonly plannedAt: string;
  /** When it really began. */
  readonly startedAt: string;
  /** Asked for by hand. */
  readonly byHand?: boolean;
  readonly run?: string;
  /** How the run ended, e.g. `done`. */
  readonly result?: string;
  /** A stable code, and a sentence for people. */
  readonly code?: string;
  readonly why?: string;
}

const KINDS: ReadonlyMap<unknown, FiringKind> = new Map(
  (["fired", "skipped", "missed", "refused", "failed"] as const).map((kind) => [kind, kind]),
);

/**
 * The record of a firing, which nothing may overwrite. A planned moment has one record of each kind, so that what is
 * delivered twice is recorded once; of broken-off attempts, and of what was asked by hand, each has its own.
 */
export const firingRecord = (firing: Firing): AuditRecord => {
  const { home, schedule, kind, plannedAt, startedAt, byHand } = firing;
  const isOneOfSeveral = kind === "failed" || byHand === true;
  return {
    PK: scheduleFiringsKey(home, schedule),
    SK: `${plannedAt}#${kind}${isOneOfSeveral ? `#${startedAt}` : ""}`,
    v: FORMAT,
    ...firing,
  };
};

/**
 * Reads a firing's record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record and the member
 */
export const parseFiringRecord = (
  item: Readonly<Record<string, unknown>>,
  home: HomeId,
): Firing => {
  const record = `Firing ${String(item.PK)} ${String(item.SK)}`;
  requireFormat(item, record);
  const wrong = (what: string): HomeError => new HomeError("RecordInvalid", `${record}: ${what}`);
  const text = (name: string): string => {
    const value = item[name];
    if (typeof value !== "string" || value === "") throw wrong(`${name} must be a text.`);
    return value;
  };
  const moment = (name: string): string => {
    const value = text(name);
    if (Number.isNaN(Date.parse(value))) throw wrong(`${name} must be a time.`);
    return value;
  };
  const optional = (name: "run" | "result" | "code" | "why"): Partial<Firing> =>
    item[name] === undefined ? {} : { [name]: text(name) };
  const kind = KINDS.get(item.kind);
  if (kind === undefined) throw wrong(`kind must be one of ${[...KINDS.values()].join(", ")}.`);
  if (item.home !== home) throw wrong(`home must be ${home}.`);
  return {
    home,
    schedule: text("schedule"),
    name: text("name"),
    scene: text("scene"),
    kind,
    plannedAt: moment("plannedAt"),
    startedAt: moment("startedAt"),
    ...(item.byHand === true ? { byHand: true } : {}),
    ...optional("run"),
    ...optional("result"),
    ...optional("code"),
    ...optional("why"),
  };
};
