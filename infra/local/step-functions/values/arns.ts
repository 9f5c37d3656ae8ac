// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
import { AwsError } from "#local/wire/aws-service.ts";

/** Where a service's resources live. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** A state machine. */
export const stateMachineArn = (place: Place, name: string): string =>
  `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${name}`;

/** A Standard execution: it can be described by its name. */
export const standardExecutionArn = (place: Place, machine: string, name: string): string =>
  `arn:aws:states:${place.region}:${place.accountId}:execution:${machine}:${name}`;

/** An Express execution: the same name may run many times. */
export const expressExecutionArn = (
  place: Place,
  machine: string,
  name: string,
  id: string,
): string => `arn:aws:states:${place.region}:${place.accountId}:express:${machine}:${name}:${id}`;

/** What TestState runs a state in: recorded with two names, where an Express execution has a third. */
export const testExecutionArn = (place: Place, machine: string, name: string): string =>
  `arn:aws:states:${place.region}:${place.accountId}:express:${machine}:${name}`;

const ARN = /^arn:aws[a-z-]*:states:[^:]+:\d{12}:([a-zA-Z]+):(.+)$/;

/**
 * Reads the kind of a Step Functions ARN.
 * @throws AwsError `InvalidArn` for anything else.
 */
export const arnKind = (arn: string): string => {
  const kind = ARN.exec(arn)?.[1];
  if (kind === undefined) {
    throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  }
  return kind;
};

/**
 * Promises that an ARN is of one of the kinds that an operation takes.
 * @throws AwsError `InvalidArn`, with AWS's text.
 */
export const requireArnKind = (arn: string, ...kinds: readonly string[]): void => {
  const kind = arnKind(arn);
  if (!kinds.includes(kind)) {
    throw new AwsError(
      "InvalidArn",
      `Invalid Arn: 'Resource type not valid in this context: ${kind}'`,
    );
  }
};
