// https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { JsonObject } from "#local/wire/json.ts";
import { invokeFunctionAction } from "../rule-actions/invoke-function-action.ts";
import { putItem } from "../rule-actions/put-item-action.ts";
import { putLogEvents } from "../rule-actions/put-log-events-action.ts";
import { republish } from "../rule-actions/republish-action.ts";
import { failureOfThrown, type RuleActionFailure } from "../rule-actions/rule-action-failure.ts";
import type { RuleOutput } from "../rule-actions/rule-output.ts";
import type { Rule, RuleAction } from "./rule.ts";
import type { RuleJob, RuleJobTable } from "./rule-job-table.ts";
import { sqlContext } from "./sql-context.ts";
import { type Substitution, substitute } from "./substitution.ts";

/** Credentials for what a rule does. */
export interface RuleAccess {
  /** Of an action's role, assumed for a rule. May throw AwsError. */
  role(roleArn: string, ruleArn: string): AwsAccess;
  /** Of the service iot.amazonaws.com acting for a rule; Lambda actions have no role. */
  service(ruleArn: string): AwsAccess;
}

/** Carries the actions out. */
export interface RuleRunner {
  /** `patient` waits longer for what is not up yet: for jobs found at start. */
  run(rule: Rule, job: RuleJob, options?: { readonly patient?: boolean }): void;
  /** Waits a moment for what is under way; the rest stays in the table for the next start. */
  close(): Promise<void>;
}

interface FailedAction {
  readonly action: RuleAction;
  readonly failure: RuleActionFailure;
}

// A connection that breaks while the other emulator restarts is back within a second.
const PAUSES_MS = [50, 200, 1000];
// At start the other services may come up later; only what time cannot mend is final then.
const PATIENT_PAUSES_MS = [100, 250, 500, 1000, 2000, 4000, 8000, 15_000];
const FINAL = /AccessDenied|Validation/;
const CONCURRENT = 128;
const CLOSING_MS = 1000;

export const ruleRunner = (options: {
  readonly access: RuleAccess;
  readonly table: RuleJobTable;
  readonly ruleArn: (name: string) => string;
  readonly log: (line: string) => void;
}): RuleRunner => {
  const { access, table, ruleArn, log } = options;
  const abort = new AbortController();
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<void>>();

  const perform = async (
    rule: Rule,
    action: RuleAction,
    job: RuleJob,
    output: RuleOutput,
  ): Promise<void> => {
    const { signal } = abort;
    switch (action.kind) {
      case "CloudwatchLogs": {
        const group = resourceOf(action, job);
        const to = { group, stream: rule.name, atMs: Date.now() };
        return putLogEvents(access.role(action.roleArn, ruleArn(rule.name)), to, output, signal);
      }
      case "DynamoDBv2":
        return putItem(
          access.role(action.roleArn, ruleArn(rule.name)),
          resourceOf(action, job),
          output,
          signal,
        );
      case "Lambda":
        return invokeFunctionAction(
          access.service(ruleArn(rule.name)),
          action.functionArn,
          output,
          signal,
        );
      case "Republish": {
        const to = { topic: resourceOf(action, job), qos: action.qos };
        return republish(access.role(action.roleArn, ruleArn(rule.name)), to, output, signal);
      }
    }
  };

  const attempt = async (
    rule: Rule,
    action: RuleAction,
    job: RuleJob,
    output: RuleOutput,
    patient: boolean,
  ): Promise<RuleActionFailure | undefined> => {
    const pausesMs = patient ? PATIENT_PAUSES_MS : PAUSES_MS;
    for (let failures = 0; ; failures++) {
      try {
        await perform(rule, action, job, output);
        return undefined;
      } catch (thrown) {
        if (abort.signal.aborted) throw thrown;
        const failure = failureOfThrown(thrown, `Failed to carry out ${action.kind}.`);
        const pauseMs = pausesMs[failures];
        const passing = patient ? !FINAL.test(failure.code) : failure.passing;
        if (!passing || pauseMs === undefined) return failure;
        await pause(pauseMs, undefined, { signal: abort.signal });
      }
    }
  };

  const carryOut = async (rule: Rule, job: RuleJob, patient: boolean): Promise<void> => {
    const outcomes = await Promise.all(
      rule.actions.map(async (action) => {
        const failure = await attempt(rule, action, job, job.output, patient);
        return failure === undefined ? [] : [{ action, failure }];
      }),
    );
    const failures = outcomes.flat();
    for (const { action, failure } of failures) {
      log(`topic rule ${rule.name}, ${action.kind} ${resourceOf(action, job)}: ${failure.message}`);
    }
    const untold = await tellErrorAction(rule, job, failures, patient);
    if (untold) log(`topic rule ${rule.name}: the message is kept for the next start`);
    else table.done(job);
  };

  /** Says whether an action found nobody and the error action could not be told either. */
  const tellErrorAction = async (
    rule: Rule,
    job: RuleJob,
    failures: readonly FailedAction[],
    patient: boolean,
  ): Promise<boolean> => {
    if (failures.length === 0) return false;
    const unreachable = failures.some(({ failure }) => failure.unreachable);
    if (rule.errorAction === undefined) return unreachable;
    const message = errorMessage(rule, job, failures);
    const failure = await attempt(rule, rule.errorAction, job, message, patient);
    if (failure !== undefined) log(`topic rule ${rule.name}, error action: ${failure.message}`);
    return failure?.unreachable === true && unreachable;
  };

  const start = (rule: Rule, job: RuleJob, patient: boolean): void => {
    const run = carryOut(rule, job, patient)
      .catch((error: unknown) => {
        // Closing: the job stays in the table.
        if (!abort.signal.aborted) log(`topic rule ${rule.name}: ${String(error)}`);
      })
      .finally(() => {
        running.delete(run);
        waiting.shift()?.();
      });
    running.add(run);
  };

  return {
    run: (rule, job, { patient = false } = {}) => {
      if (abort.signal.aborted) return;
      if (running.size < CONCURRENT) start(rule, job, patient);
      else waiting.push(() => start(rule, job, patient));
    },
    close: async () => {
      waiting.length = 0;
      const timer = setTimeout(() => abort.abort(), CLOSING_MS);
      await Promise.all(running);
      clearTimeout(timer);
      abort.abort();
    },
  };
};

/** The name of what an action writes to, for this message. */
const resourceOf = (action: RuleAction, job: RuleJob): string => {
  const text = (substitution: Substitution): string =>
    substitute(substitution, () => sqlContext(job, job.selectedAtMs, () => {}));
  switch (action.kind) {
    case "CloudwatchLogs":
      return text(action.group);
    case "DynamoDBv2":
      return text(action.table);
    case "Lambda":
      return action.functionArn;
    case "Republish":
      return text(action.topic);
  }
};

const errorMessage = (rule: Rule, job: RuleJob, failures: readonly FailedAction[]): JsonObject => ({
  ruleName: rule.name,
  topic: job.topic,
  cloudwatchTraceId: randomUUID(),
  clientId: job.clientId ?? "N/A",
  base64OriginalPayload: job.payload.toString("base64"),
  failures: failures.map(({ action, failure }) => ({
    failedAction: `${action.kind}Action`,
    failedResource: resourceOf(action, job),
    errorMessage: `${failure.message}. Message arrived on: ${job.topic}`,
  })),
});
