// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rules.html
import type { Database } from "../database/database.ts";
import type { Message } from "../messages/message.ts";
import type { Rule } from "./rule.ts";
import type { RuleJob, RuleJobTable } from "./rule-job-table.ts";
import type { RuleRunner } from "./rule-runner.ts";
import { sqlContext } from "./sql-context.ts";

/** The rules: each message that is published anywhere is shown to them once. */
export interface RuleEngine {
  /**
   * Evaluates the rules, or those FROM one filter, keeps what they selected in the turn's transaction, and runs the
   * actions after it.
   */
  consider(message: Message, from?: string): void;
  /** Takes up what an earlier process left. */
  resume(): void;
}

// A device has half a dozen topics. Whoever makes up more than this only makes the engine look again.
const REMEMBERED = 10_000;

export const ruleEngine = (options: {
  readonly rules: readonly Rule[];
  readonly table: RuleJobTable;
  readonly runner: RuleRunner;
  readonly database: Database;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}): RuleEngine => {
  const { rules, table, runner, database, nowMs, log } = options;
  const doubted = new Set<string>();
  const remembered = new Map<string, readonly Rule[]>();

  /** The rules that a topic is for. The same topics come again and again, and most are for none. */
  const rulesOf = (topic: string): readonly Rule[] => {
    const known = remembered.get(topic);
    if (known !== undefined) return known;
    const found = rules.filter(({ matches }) => matches(topic));
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(topic, found);
    return found;
  };

  const select = (rule: Rule, message: Message): Omit<RuleJob, "id"> | undefined => {
    const context = sqlContext(message, nowMs(), (what) => {
      if (doubted.has(rule.name)) return;
      doubted.add(rule.name);
      log(`topic rule ${rule.name}: ${what}`);
    });
    const output = rule.select(context);
    return output === undefined
      ? undefined
      : {
          rule: rule.name,
          topic: message.topic,
          ...(message.clientId === undefined ? {} : { clientId: message.clientId }),
          selectedAtMs: context.nowMs,
          payload: message.payload,
          output,
        };
  };

  return {
    consider: (message, from) => {
      for (const rule of rulesOf(message.topic)) {
        if (from !== undefined && from !== rule.from) continue;
        try {
          const selected = select(rule, message);
          if (selected === undefined) continue;
          const job = table.add(selected);
          database.settle((error) => {
            if (error === undefined) runner.run(rule, job);
          });
        } catch (error) {
          // A payload nested beyond the stack is the sender's fault, and must not become everybody's.
          log(
            `topic rule ${rule.name}: a message on ${message.topic} could not be evaluated: ${String(error)}`,
          );
        }
      }
    },
    resume: () => {
      for (const job of table.left()) {
        const rule = rules.find(({ name }) => name === job.rule);
        if (rule === undefined) {
          log(
            `topic rule ${job.rule} is gone; a message it had selected on ${job.topic} is dropped`,
          );
          table.done(job);
        } else {
          runner.run(rule, job, { patient: true });
        }
      }
    },
  };
};
