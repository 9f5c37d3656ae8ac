import type { Ground } from "./ground.ts";

/**
 * A text in which the URLs of queues are those where they are found on this machine, as DNS would make it. An SDK sends
 * to a queue's own URL, whatever endpoint is in its environment.
 */
export const foundLocally = (
  text: string,
  { identity, endpoint }: Pick<Ground, "identity" | "endpoint">,
): string => text.replaceAll(`https://sqs.${identity.region}.amazonaws.com/`, `${endpoint.url}/`);
