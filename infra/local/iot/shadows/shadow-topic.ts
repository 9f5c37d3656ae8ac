// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-shadow

/** A shadow: the classic one of a thing, or a named one. */
export interface ShadowId {
  readonly thing: string;
  readonly shadow?: string;
}

/** What can be asked of a shadow over MQTT. */
export type ShadowOperation = "get" | "update" | "delete";

/** A topic on which a client asks the shadow service. */
export interface ShadowRequestTopic {
  readonly id: ShadowId;
  readonly operation: ShadowOperation;
}

const THING_NAME = /^[a-zA-Z0-9:_-]{1,128}$/;
const SHADOW_NAME = /^[$a-zA-Z0-9:_-]{1,64}$/;
const REQUEST =
  /^\$aws\/things\/([a-zA-Z0-9:_-]{1,128})\/shadow\/(?:name\/([$a-zA-Z0-9:_-]{1,64})\/)?(get|update|delete)$/;
const RESPONSE =
  /^\$aws\/things\/[^/]+\/shadow\/(?:name\/[^/]+\/)?(?:(?:get|update|delete)\/(?:accepted|rejected)|update\/(?:delta|documents))$/;

export const isThingName = (name: string): boolean => THING_NAME.test(name);
export const isShadowName = (name: string): boolean => SHADOW_NAME.test(name);

/** The request that a topic stands for; absent for every other topic. */
export const parseShadowRequestTopic = (topic: string): ShadowRequestTopic | undefined => {
  if (!topic.startsWith("$aws/things/")) return undefined;
  const [, thing, shadow, operation] = REQUEST.exec(topic) ?? [];
  if (thing === undefined) return undefined;
  if (operation !== "get" && operation !== "update" && operation !== "delete") return undefined;
  return { id: shadow === undefined ? { thing } : { thing, shadow }, operation };
};

/** Whether only the shadow service publishes on this topic. */
export const isShadowResponseTopic = (topic: string): boolean =>
  topic.startsWith("$aws/things/") && RESPONSE.test(topic);

/** `$aws/things/…/shadow`, or with `/name/…` */
export const shadowTopicPrefix = (id: ShadowId): string =>
  id.shadow === undefined
    ? `$aws/things/${id.thing}/shadow`
    : `$aws/things/${id.thing}/shadow/name/${id.shadow}`;

/** The filters under which a service that is an ordinary client hears every request. */
export const SHADOW_REQUEST_FILTERS = [
  "$aws/things/+/shadow/get",
  "$aws/things/+/shadow/update",
  "$aws/things/+/shadow/delete",
  "$aws/things/+/shadow/name/+/get",
  "$aws/things/+/shadow/name/+/update",
  "$aws/things/+/shadow/name/+/delete",
] as const;
