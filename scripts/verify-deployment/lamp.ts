import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import { isObject, parseJsonObject } from "#domain/json.ts";
import {
  lastWillTopic,
  shadowDeltaTopic,
  shadowGetAcceptedTopic,
  shadowGetTopic,
  shadowUpdateTopic,
} from "#domain/topics.ts";
import { Fault } from "./finding.ts";

/** Where the throw-away lamp's key and certificate are, and by which it knows the endpoint. */
export interface LampFiles {
  readonly privateKeyFile: string;
  readonly certificateFile: string;
  readonly rootCertificateFile: string;
}

/** A lamp that keeps the contract, and that can be lost as a real one is. */
export interface Lamp {
  /** Its connection breaks, without a word of the lamp's. */
  cutOff(): Promise<void>;
  /** Says that it goes, and goes: nobody speaks its last will. */
  leave(): Promise<void>;
}

/** Where it connects, and with what. */
export interface LampDoor {
  readonly url: string;
  /** Absent where nothing but the loopback interface listens, which asks for none. */
  readonly files?: LampFiles;
}

const CONNECT_MS = 15_000;
const KEEP_ALIVE_SECONDS = 30;

/** Connects a lamp, which reports and then does what it is asked. @throws Fault when it is not let in */
export const connectLamp = async (thing: string, { url, files }: LampDoor): Promise<Lamp> => {
  const client = await mqtt
    .connectAsync(url, {
      clientId: thing,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_MS,
      keepalive: KEEP_ALIVE_SECONDS,
      will: { topic: lastWillTopic(thing), payload: '{"online":false}', qos: 1, retain: false },
      ...(files === undefined
        ? {}
        : {
            key: readFileSync(files.privateKeyFile),
            cert: readFileSync(files.certificateFile),
            ca: readFileSync(files.rootCertificateFile),
          }),
    })
    .catch((cause: unknown) => {
      throw new Fault(
        "LampNotLetIn",
        `The lamp was not let in at ${url} with its certificate: ${reasonOf(cause)}.`,
        "The certificate must be active and attached to the thing and to the device policy, the policy must let the thing connect as itself, and port 8883 must be open on the way.",
        { cause },
      );
    });
  const send = (topic: string, message: object): Promise<unknown> =>
    client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  const report = (reported: object): Promise<unknown> =>
    send(shadowUpdateTopic(thing), { state: { reported } });
  let light: Readonly<Record<string, unknown>> = { on: true };
  let answered: unknown;

  const obey = (payload: Buffer): void => {
    const state = parseJsonObject(payload.toString("utf8"))?.state;
    const desired = isObject(state) && isObject(state.desired) ? state.desired : {};
    const { command, light: wanted } = desired;
    if (!isObject(command) || command.id === answered || !isObject(wanted)) return;
    answered = command.id;
    light = { ...light, ...wanted };
    // A connection that breaks meanwhile is what a check looks at.
    report({
      light,
      online: true,
      command: { ...command, status: "SUCCEEDED", reason: null },
    }).catch(() => undefined);
  };
  client.on("message", (topic, payload) => {
    // A delta leaves out all that is reported already. It is only the bell; the shadow has the whole command.
    if (topic !== shadowDeltaTopic(thing)) obey(payload);
    else send(shadowGetTopic(thing), {}).catch(() => undefined);
  });
  // A connection that was cut off tells it as an error, too.
  client.on("error", () => undefined);
  await client
    .subscribeAsync([shadowDeltaTopic(thing), shadowGetAcceptedTopic(thing)], { qos: 1 })
    .then(() => report({ light, online: true }))
    .catch((cause: unknown) => {
      client.end(true);
      throw new Fault(
        "LampNotHeard",
        `The lamp is connected and may not subscribe to its shadow or report: ${reasonOf(cause)}.`,
        "Compare the device policy with infra/aws/device-policy.ts; AWS closes the connection of who does what the policy does not allow.",
        { cause },
      );
    });
  return {
    cutOff: () => client.endAsync(true),
    leave: () => client.endAsync(),
  };
};

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
