import { isObject } from "#domain/json.ts";

/** What Zigbee2MQTT's log says went wrong with a device. */
export interface Failure {
  readonly name: string;
  readonly reason: "UNREACHABLE" | "DEVICE_REFUSED";
  readonly detail: string;
}

/**
 * Reads a line of `bridge/logging`. That a line is missing means nothing: one that is equal to the line before it is not
 * published again.
 */
export const failureIn = (message: unknown): Failure | undefined => {
  if (!isObject(message) || message.level !== "error" || typeof message.message !== "string") {
    return undefined;
  }
  const line = message.message;
  const told = /Publish 'set' '[^']*' to '(.*?)' failed: '(.*)'$/s.exec(line);
  const unknown = /No converter available for '[^']*' on '(.*?)'/.exec(line);
  if (told !== null) {
    const [, name = "", detail = ""] = told;
    // A status is the device's own answer; everything else is how the radio fared.
    const isAnswer = /status '?[A-Z_]+|UNSUPPORTED|INVALID|READ_ONLY|NOT_AUTHORIZED|FAILURE/i.test(
      detail.replace(/Delivery failed|timed out/gi, ""),
    );
    return { name, reason: isAnswer ? "DEVICE_REFUSED" : "UNREACHABLE", detail: short(detail) };
  }
  return unknown === null
    ? undefined
    : { name: unknown[1] ?? "", reason: "DEVICE_REFUSED", detail: short(line) };
};

const short = (text: string): string => text.slice(0, 200);
