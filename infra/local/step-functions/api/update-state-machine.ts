// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
import { randomUUID } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import { requireArnKind } from "../values/arns.ts";
import { optionalText, requiredText, timestamp } from "../values/request-input.ts";
import type { Operation } from "./operation.ts";
import {
  readDefinition,
  readLogging,
  readTracing,
  refuseWhatIsNotEmulated,
  requireAssumable,
} from "./state-machine-input.ts";

/** UpdateStateMachine: running executions keep the definition they were started with. */
export const updateStateMachine: Operation = {
  permissions: (input) => {
    const roleArn = optionalText(input, "roleArn");
    return [
      { action: "states:UpdateStateMachine", resource: requiredText(input, "stateMachineArn") },
      ...(roleArn === undefined ? [] : [{ action: "iam:PassRole", resource: roleArn }]),
    ];
  },
  run: (input, { store, engine }) => {
    const arn = requiredText(input, "stateMachineArn");
    requireArnKind(arn, "stateMachine");
    const definition = optionalText(input, "definition");
    const roleArn = optionalText(input, "roleArn");
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
