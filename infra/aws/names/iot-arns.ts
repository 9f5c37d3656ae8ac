import type { Stack } from "aws-cdk-lib";

/** The ARN of an MQTT topic, which is what may be published on and received from. */
export const topicArn = (stack: Stack, topic: string): string =>
  stack.formatArn({ service: "iot", resource: "topic", resourceName: topic });

/** The ARN of an MQTT topic filter, which is what may be subscribed to. */
export const topicFilterArn = (stack: Stack, filter: string): string =>
  stack.formatArn({ service: "iot", resource: "topicfilter", resourceName: filter });

/** The ARN of a thing, whose shadow is read and written. */
export const thingArn = (stack: Stack, thing: string): string =>
  stack.formatArn({ service: "iot", resource: "thing", resourceName: thing });

/** The ARN of a topic rule. */
export const ruleArn = (stack: Stack, rule: string): string =>
  stack.formatArn({ service: "iot", resource: "rule", resourceName: rule });
