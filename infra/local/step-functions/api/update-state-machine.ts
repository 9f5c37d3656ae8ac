// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
import { randomUUID } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import { requireArnKind } from "../values/arns.ts";
import { optionalText, requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";
import {
  readDefinition,
  readLogging,
  readTracing,
  refuseWhatIsNotEmulated,
  requireAssumable,
} from "./state-machine-input.ts";

/** UpdateStateMachine: running executions keep the definition they were started with. */
export const updateStateMachine: StepFunctionsOperation = {
  name: "UpdateStateMachine",
  understand: (input, { store, engine }) => {
    const roleArn = optionalText(input, "roleArn");
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [
        { action: "states:UpdateStateMachine", resource: arn },
        ...(roleArn === undefined ? [] : [{ action: "iam:PassRole", resource: roleArn }]),
      ],
      carryOut: () => {
        requireArnKind(arn, "stateMachine");
        const definition = optionalText(input, "definition");
        const changes = ["definition", "roleArn", "loggingConfiguration", "tracingConfiguration"];
        if (!changes.some((member) => input[member] !== undefined)) {
          throw new AwsError(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
          );
        }
        refuseWhatIsNotEmulated(input);
        const current = store.get(arn);
        if (roleArn !== undefined) requireAssumable(engine, roleArn);
        const updated = {
          ...current,
          ...(roleArn === undefined ? {} : { roleArn }),
          ...(definition === undefined
            ? {}
            : { definition, machine: readDefinition(definition, current.type) }),
          ...(input.loggingConfiguration === undefined ? {} : { logging: readLogging(input) }),
          ...(input.tracingConfiguration === undefined ? {} : { tracing: readTracing(input) }),
          revisionId: randomUUID(),
        };
        store.put(updated);
        return { updateDate: timestamp(engine.clock.nowMs()), revisionId: updated.revisionId };
      },
    };
  },
};
