/** What a stack of a stage is called, and whatever in it has a name that is the account's. */
export interface StageNames {
  readonly stack: string;
  readonly gateway: string;
  readonly devicePolicy: string;
  readonly scheduleGroup: string;
  /** Named, because the schedules' role and the function `home` must know it before it exists (infra/aws/schedules.ts). */
  readonly startScheduledScene: string;
  /** Named, because it starts the state machine that calls it. */
  readonly undoPartlyDone: string;
  /** Stands before the name of every thing, `dev-`; empty for the default stage. */
  readonly thingPrefix: string;
  /** A pattern of IAM for the stage's things and, where IAM can say that, for no others. */
  readonly things: string;
  topicRule(name: (typeof RULE_NAMES)[number]): string;
  domainPrefix(account: string): string;
}

/** The rules of the stack, before their stage. */
export const RULE_NAMES = [
  "record_acknowledgement",
  "record_change",
  "republish_last_will",
] as const;

const STACK = "SmarthomeScenes";

/** The log group of a stack's workflow. */
export const runSceneLogGroup = (stack: string): string =>
  `/aws/vendedlogs/states/${stack}-run-scene`;

/** The stage that a stack is of; none for the default's. @throws Error naming what is no stack's name */
export const stageOfStack = (stack: string): string | undefined => {
  const stage = stack.startsWith(`${STACK}-`) ? stack.slice(STACK.length + 1) : undefined;
  if (stack !== STACK && stage === undefined) {
    throw new Error(
      `${JSON.stringify(stack)} is no stack of this project: ${STACK}, or ${STACK}-STAGE`,
    );
  }
  return parseStage(stage);
};

const STAGE = /^[a-z][a-z0-9]{0,11}$/;
// Cognito refuses these words in a domain's prefix.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
const RESERVED = /aws|amazon|cognito/;

/**
 * The names of a stage; without one the default's, which have nothing added. Broker, registry, rules and policies are
 * the account's, so that two stacks meet nowhere only if nothing of theirs has the same name.
 * @throws Error naming what is no stage
 */
export const stageNames = (stage: unknown): StageNames => {
  const name = parseStage(stage);
  const isDefault = name === undefined;
  const dash = isDefault ? "" : `-${name}`;
  return {
    stack: `${STACK}${dash}`,
    gateway: `smarthome-gateway${dash}`,
    devicePolicy: `SmarthomeDevice${dash}`,
    scheduleGroup: `smarthome-schedules${dash}`,
    startScheduledScene: `smarthome-start-scheduled-scene${dash}`,
    undoPartlyDone: `smarthome-undo-partly-done${dash}`,
    thingPrefix: isDefault ? "" : `${name}-`,
    // Not `dev-*`: that would be the default stage's things of a home called dev too.
    things: isDefault ? "*" : `${name}-*-*`,
    topicRule: (rule) => `smarthome_${isDefault ? "" : `${name}_`}${rule}`,
    domainPrefix: (account) => `smarthome${dash}-${account}`,
  };
};

const parseStage = (stage: unknown): string | undefined => {
  if (stage === undefined) return undefined;
  if (typeof stage === "string" && STAGE.test(stage) && !RESERVED.test(stage)) return stage;
  throw new Error(
    `${JSON.stringify(stage)} is no stage: 1 to 12 of a to z and 0 to 9, a letter first, without "aws", "amazon" and "cognito", e.g. -c stage=dev`,
  );
};
