// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
import { checkDefinition } from "../check/check-definition.ts";
import { optionalNumber, optionalWord, requiredText } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

const MAX_RESULTS = 100;

/** ValidateStateMachineDefinition. What AWS has and this stack does not imitate is no mistake of a definition. */
export const validateStateMachineDefinition: StepFunctionsOperation = {
  name: "ValidateStateMachineDefinition",
  understand: (input) => ({
    permissions: [{ action: "states:ValidateStateMachineDefinition", resource: "*" }],
    carryOut: () => {
      const type = optionalWord(input, "type", ["STANDARD", "EXPRESS"] as const) ?? "STANDARD";
      optionalWord(input, "severity", ["ERROR", "WARNING"] as const);
      const limit = optionalNumber(input, "maxResults") || MAX_RESULTS;
      const { diagnostics } = checkDefinition(requiredText(input, "definition"), type);
      return {
        diagnostics: diagnostics.slice(0, limit).map((diagnostic) => ({ ...diagnostic })),
        result: diagnostics.length === 0 ? "OK" : "FAIL",
        truncated: diagnostics.length > limit,
      };
    },
  }),
};
