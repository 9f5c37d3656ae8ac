// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html

import { eventShape } from "../history/event-shape.ts";
import { requireArnKind } from "../values/arns.ts";
import { optionalFlag, page, requiredText } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** GetExecutionHistory, of a Standard execution: of an Express one only the log tells. */
export const getExecutionHistory: StepFunctionsOperation = {
  name: "GetExecutionHistory",
  understand: (input, { store }) => {
    const arn = requiredText(input, "executionArn");
    return {
      permissions: [{ action: "states:GetExecutionHistory", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "execution");
        const { events } = store.execution(arn);
        const ordered =
          optionalFlag(input, "reverseOrder") === true ? [...events].reverse() : events;
        const { items, next } = page(ordered, input);
        const includeData = optionalFlag(input, "includeExecutionData") !== false;
        return {
          events: items.map((event) => eventShape(event, includeData)),
          ...(next === undefined ? {} : { nextToken: next }),
        };
      },
    };
  },
};
