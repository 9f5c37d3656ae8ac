import type { JsonObject } from "#local/wire/json.ts";
import { RuleActionFailure } from "./rule-action-failure.ts";

/** What a statement made of a message: an object, or, of `SELECT *`, a payload that is none as it came. */
export type RuleOutput = JsonObject | Buffer;

export const isPayload = (output: RuleOutput): output is Buffer => Buffer.isBuffer(output);

/** The output as bytes go on: to a topic, into a log. */
export const outputBytes = (output: RuleOutput): Buffer =>
  isPayload(output) ? output : Buffer.from(JSON.stringify(output));

/** The failure of an action that can do nothing with what is not the JSON that it needs. */
export const unusable = (action: string, needed: string): RuleActionFailure =>
  new RuleActionFailure(`${action} The error received was the message is no ${needed}`, {
    passing: false,
    code: "PayloadUnusable",
  });
