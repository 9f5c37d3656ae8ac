// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html

import { page, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** ListStateMachines, by name. */
export const listStateMachines: StepFunctionsOperation = {
  name: "ListStateMachines",
  understand: (input, { store }) => ({
    permissions: [{ action: "states:ListStateMachines", resource: "*" }],
    carryOut: () => {
      const sorted = [...store.all()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = page(sorted, input);
      return {
        stateMachines: items.map((machine) => ({
          creationDate: timestamp(machine.createdAtMs),
          name: machine.name,
          stateMachineArn: machine.arn,
          type: machine.type,
        })),
        ...(next === undefined ? {} : { nextToken: next }),
      };
    },
  }),
};
