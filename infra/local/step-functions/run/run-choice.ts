// https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
import type { ChoiceState } from "../compile/asl.ts";
import { unexpectedType } from "../compile/template.ts";
import { StateFailure } from "../values/state-failure.ts";
import type { Transition, Visit } from "./visit.ts";

/** Runs a Choice: the first rule whose Condition is true, with that rule's Assign and Output; else Default, with the state's. */
export const runChoice = async (state: ChoiceState, visit: Visit): Promise<Transition> => {
  for (const [index, rule] of state.choices.entries()) {
    const value = await visit.evaluate(rule.condition, null);
    if (typeof value !== "boolean") {
      const field = `Choices[${index}]/Condition`;
      throw unexpectedType(rule.condition, field, visit.evaluation(), "boolean", value);
    }
    if (value) {
      const output = await visit.exit("ChoiceStateExited", rule, visit.input);
      return { output, next: rule.next };
    }
  }
  if (state.default === undefined) {
    throw new StateFailure(
      "States.NoChoiceMatched",
      `An error occurred while executing the state '${state.name}' (entered at the event id #${visit.enteredEventId}). Failed to transition out of the state. The state does not point to a next state.`,
    );
  }
  const output = await visit.exit("ChoiceStateExited", state, visit.input);
  return { output, next: state.default };
};
