import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { isListedEnd, LISTED_ENDS, type RunFilter } from "#domain/audit/listed-run.ts";
import { HOME_OPTION } from "../command/default-home.ts";
import { Problem } from "../command/problem.ts";
import { REGISTRY_OPTIONS } from "../command/registry-options.ts";
import { KNOWN_HEADS } from "./known-heads.ts";

const OPTIONS = {
  ...REGISTRY_OPTIONS,
  home: HOME_OPTION,
  json: { type: "boolean", default: false },
  csv: { type: "boolean", default: false },
  cost: { type: "boolean", default: false },
  day: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  scene: { type: "string" },
  person: { type: "string" },
  client: { type: "string" },
  device: { type: "string" },
  outcome: { type: "string" },
  limit: { type: "string" },
  page: { type: "string" },
  run: { type: "string" },
  reason: { type: "string" },
  yes: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  head: { type: "string" },
  older: { type: "string", multiple: true, default: [] },
  key: { type: "string" },
  "known-heads": { type: "string", default: KNOWN_HEADS },
  "audit-export": { type: "string" },
  "log-export": { type: "string" },
  out: { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** Reads what was typed after `npm run audit --`. */
export const parseAuditOptions = () => parseArgs({ allowPositionals: true, options: OPTIONS });

export type AuditOptions = ReturnType<typeof parseAuditOptions>["values"];

/**
 * Which runs are meant.
 * @throws Problem naming the option
 */
export const filterOf = (options: AuditOptions): RunFilter => {
  const { scene, person, client, device, outcome } = options;
  if (outcome !== undefined && !isListedEnd(outcome)) {
    throw new Problem(`--outcome must be one of ${LISTED_ENDS.join(", ")}, not "${outcome}".`);
  }
  return {
    ...(scene === undefined ? {} : { scene }),
    ...(person === undefined ? {} : { person }),
    ...(client === undefined ? {} : { client }),
    ...(device === undefined ? {} : { device }),
    ...(outcome === undefined ? {} : { end: outcome }),
  };
};

/**
 * How many are wanted, where that is said.
 * @throws Problem
 */
export const limitOf = ({ limit }: AuditOptions): number | undefined => {
  if (limit === undefined) return undefined;
  const most = Number(limit);
  if (Number.isInteger(most) && most > 0) return most;
  throw new Problem(`--limit must be a whole number from 1, not "${limit}".`);
};
