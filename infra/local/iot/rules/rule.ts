import type { SelectMessage } from "./select-message.ts";
import type { Substitution } from "./substitution.ts";

/** What a rule does with its output, as a TopicRule's action says it. */
export type RuleAction =
  | { readonly kind: "CloudwatchLogs"; readonly roleArn: string; readonly group: Substitution }
  | { readonly kind: "DynamoDBv2"; readonly roleArn: string; readonly table: Substitution }
  | { readonly kind: "Lambda"; readonly functionArn: string }
  | {
      readonly kind: "Republish";
      readonly roleArn: string;
      readonly topic: Substitution;
      readonly qos: 0 | 1;
    };

/** A topic rule that is enabled. */
export interface Rule {
  readonly name: string;
  /** The topic filter of FROM. */
  readonly from: string;
  readonly select: SelectMessage;
  readonly matches: (topic: string) => boolean;
  readonly actions: readonly RuleAction[];
  readonly errorAction?: RuleAction;
}
