import { readHandChanges } from "#adapters/audit-table.ts";
import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { primeTable } from "#adapters/priming/prime-table.ts";
import { BY_HAND, takenByHand, yieldsToHand } from "#domain/run/by-hand.ts";
import { commandDocument, commandHeader } from "#domain/run/command.ts";
import { UNANSWERED } from "#domain/run/outcome.ts";
import { type PublishOutput, parsePublishInput } from "#domain/run/workflow.ts";
import { answeredAtOnce } from "./answered-at-once.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();
await primeTable(auditTableName);

// Of the state's 16 s (workflows): the rest is for a cold start and the answer.
const PUBLISH_MS = 11_000;

/**
 * Publishes a batch of commands, all at once; again with the id and the expiry of the first time. A device whose command
 * did not go out is data, not an error: also one that somebody switched since the run was asked for, where its scene
 * yields to them, and one whose call was not answered in time: it may have been sent all the same, and is withdrawn when the
 * run is concluded as whatever was not answered.
 *
 * Of a batch that is a whole stage it waits a moment for the answers, which is all that a stage of near devices takes.
 */
export const handler = observed(async (event): Promise<PublishOutput> => {
  const input = parsePublishInput(event, thingPrefix);
  const { home, run, stage, commands, beganAtMs, rules, requestedAt } = input;
  // From the very beginning: what is sent after the state's time is over is sent to nobody's knowledge.
  const until = AbortSignal.timeout(PUBLISH_MS);
  const byHand = yieldsToHand(rules.onConflict)
    ? await readHandChanges(auditTableName, home, requestedAt, new Date(), until)
    : [];
  const nowMs = Date.now();
  const failures = await Promise.all(
    commands.map(async (command) => {
      const { device, thing, want } = command;
      if (takenByHand(command, byHand, Date.parse(requestedAt)) !== undefined) {
        return [{ device, reason: BY_HAND }];
      }
      const header = commandHeader(run, stage, command, beganAtMs ?? nowMs, rules.expiresSeconds);
      if (nowMs >= header.expiresAt * 1000) return [{ device, reason: "Expired" }];
      try {
        await publishShadowUpdate(thing, commandDocument(want, header), until);
        return [];
      } catch (error) {
        logger.error("A command was not published", { thing, error });
        return [{ device, reason: reasonOf(error) }];
      }
    }),
  );
  const sent = { beganAtMs: nowMs, sentAtMs: Date.now(), notSent: failures.flat() };
  const answered =
    input.whole === undefined || sent.notSent.length > 0
      ? undefined
      : await answeredAtOnce(auditTableName, input.whole, { index: stage, ...sent }, until);
  return answered === undefined ? sent : { ...sent, answered };
});

// A call that is not answered is aborted at the end of our time, or ended by the SDK's own limit.
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "Unknown";
  return error.name === "AbortError" || error.name === "TimeoutError" ? UNANSWERED : error.name;
};
