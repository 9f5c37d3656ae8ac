import { isObject, type Json } from "#local/wire/json.ts";
import type { Database } from "../database/database.ts";
import { member } from "../messages/json.ts";
import { isPayload, type RuleOutput } from "../rule-actions/rule-output.ts";

/** A message that a rule selected, and what became of it: kept until the rule's actions are done. */
export interface RuleJob {
  readonly id: number;
  readonly rule: string;
  readonly topic: string;
  readonly clientId?: string;
  /** When the rule selected the message; `timestamp()` in an action's `${…}`. */
  readonly selectedAtMs: number;
  readonly payload: Buffer;
  readonly output: RuleOutput;
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
      const { payload, id, output, ...body } = added;
      // What goes on as it came is in the row already.
      const kept = isPayload(output) ? body : { ...body, output };
      database.write(insert, id, JSON.stringify(kept), payload);
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
  const payload = Buffer.from(row.payload);
  const output = member(body, "output") ?? payload;
  if (typeof rule !== "string" || typeof topic !== "string") return [];
  if (!Buffer.isBuffer(output) && !isObject(output)) return [];
  return [
    {
      id: Number(row.id),
      rule,
      topic,
      ...(typeof clientId === "string" ? { clientId } : {}),
      selectedAtMs: Number(selectedAtMs),
      payload,
      output,
    },
  ];
};
