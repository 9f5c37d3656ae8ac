import { isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import type { Database } from "../database/database.ts";
import { member } from "../messages/json.ts";

/** A message that a rule selected, and what became of it: kept until the rule's actions are done. */
export interface RuleJob {
  readonly id: number;
  readonly rule: string;
  readonly topic: string;
  readonly clientId?: string;
  /** When the rule selected the message; `timestamp()` in an action's `${…}`. */
  readonly selectedAtMs: number;
  readonly payload: Buffer;
  readonly output: JsonObject;
}

/** The jobs on disk: written in the transaction of the update that caused them, so that a kill loses none. */
export interface RuleJobTable {
  add(job: Omit<RuleJob, "id">): RuleJob;
  done(job: RuleJob): void;
  /** Jobs that an earlier process did not finish, oldest first. */
  left(): readonly RuleJob[];
}

export const ruleJobTable = (database: Database): RuleJobTable => {
  const select = database.prepare("SELECT id, body, payload FROM rule_job ORDER BY id");
  const insert = database.prepare("INSERT INTO rule_job (id, body, payload) VALUES (?, ?, ?)");
  const remove = database.prepare("DELETE FROM rule_job WHERE id = ?");
  const [last] = database.rows(
    database.prepare("SELECT max(seq) AS seq FROM sqlite_sequence WHERE name = 'rule_job'"),
  );
  let lastId = Number(last?.seq ?? 0);

  return {
    add: (job) => {
      const added = { ...job, id: ++lastId };
      const { payload, id, ...body } = added;
      database.write(insert, id, JSON.stringify(body), payload);
      return added;
    },
    done: (job) => database.write(remove, job.id),
    left: () => database.rows(select).flatMap(parseRow),
  };
};

const parseRow = (row: Readonly<Record<string, unknown>>): readonly RuleJob[] => {
  if (typeof row.body !== "string" || !(row.payload instanceof Uint8Array)) return [];
  const body = JSON.parse(row.body) as Json;
  if (!isObject(body)) return [];
  const { rule, topic, clientId, selectedAtMs } = body;
  const output = member(body, "output");
  if (typeof rule !== "string" || typeof topic !== "string" || !isObject(output)) return [];
  return [
    {
      id: Number(row.id),
      rule,
      topic,
      ...(typeof clientId === "string" ? { clientId } : {}),
      selectedAtMs: Number(selectedAtMs),
      payload: Buffer.from(row.payload),
      output,
    },
  ];
};
