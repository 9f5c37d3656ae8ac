// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
import { randomUUID } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import { loggingShape, type StateMachine } from "../store/store.ts";
import { stateMachineArn } from "../values/arns.ts";
import { optionalWord, requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";
import {
  readDefinition,
  readLogging,
  readTracing,
  refuseWhatIsNotEmulated,
  requireAssumable,
} from "./state-machine-input.ts";
import { validName } from "./valid-name.ts";

const TYPES = ["STANDARD", "EXPRESS"] as const;

/** CreateStateMachine: the same machine twice is one machine, another one of the same name is refused. */
export const createStateMachine: StepFunctionsOperation = {
  name: "CreateStateMachine",
  understand: (input, { place, store, engine }) => {
    const given = requiredText(input, "name");
    const arn = stateMachineArn(place, given);
    const roleArn = requiredText(input, "roleArn");
    return {
      permissions: [
        { action: "states:CreateStateMachine", resource: arn },
        { action: "iam:PassRole", resource: roleArn },
      ],
      carryOut: () => {
        const name = validName(given);
        const definition = requiredText(input, "definition");
        const type = optionalWord(input, "type", TYPES) ?? "STANDARD";
        refuseWhatIsNotEmulated(input);
        const created: StateMachine = {
          arn,
          name,
          type,
          roleArn,
          definition,
          machine: readDefinition(definition, type),
          logging: readLogging(input),
          tracing: readTracing(input),
          createdAtMs: engine.clock.nowMs(),
          revisionId: randomUUID(),
        };
        requireAssumable(engine, roleArn);
        const existing = store.find(arn);
        if (existing !== undefined && !isSame(existing, created)) {
          throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
        }
        if (existing === undefined) store.put(created);
        return {
          creationDate: timestamp((existing ?? created).createdAtMs),
          stateMachineArn: arn,
        };
      },
    };
  },
};

// A role that differs does not make another machine of it, as AWS's page says.
const isSame = (one: StateMachine, other: StateMachine): boolean =>
  one.definition === other.definition &&
  one.type === other.type &&
  one.tracing === other.tracing &&
  JSON.stringify(loggingShape(one.logging)) === JSON.stringify(loggingShape(other.logging));
